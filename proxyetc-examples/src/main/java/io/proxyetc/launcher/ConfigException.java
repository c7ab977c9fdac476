package io.proxyetc.launcher;

import java.util.List;

/** A configuration that cannot be run, with everything that is wrong with it. */
final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Fault> faults;

  ConfigException(List<Fault> faults) {
    super(faults.size() + " faults");
    this.faults = List.copyOf(faults);
  }

  /** In the order of the text. */
  List<Fault> faults() {
    return faults;
  }
}
