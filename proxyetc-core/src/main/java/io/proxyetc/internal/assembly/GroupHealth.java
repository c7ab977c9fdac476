package io.proxyetc.internal.assembly;

import java.util.List;

/** Tells which targets of a group are not healthy. Called on one thread; does not block. */
@FunctionalInterface
interface GroupHealth {
  /**
   * A target that is READY, but not HEALTHY.
   *
   * @param target its id
   * @param reason what is wrong, for people
   */
  record Fault(String target, String reason) {}

  /** What is wrong with a group; empty: all of its READY targets are HEALTHY. */
  List<Fault> faults(String route, String group);
}
