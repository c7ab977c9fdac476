package io.proxyetc.launcher;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A configuration that cannot be run, with everything that is wrong with it. */
final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Fault> faults;
  private final transient @Nullable Config rest;

  /**
   * @param rest see {@link #rest}; null: nothing could be read
   */
  ConfigException(List<Fault> faults, @Nullable Config rest) {
    super(faults.size() + " faults");
    this.faults = List.copyOf(faults);
    this.rest = rest;
  }

  /** In the order of the text. */
  List<Fault> faults() {
    return faults;
  }

  /** What could be read all the same: not to be run, but to be looked at for further faults. */
  Optional<Config> rest() {
    return Optional.ofNullable(rest);
  }
}
