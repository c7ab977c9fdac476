package io.proxyetc.internal.assembly;

import java.util.Optional;

/** Tells what a group under a switch has answered. Called on one thread; does not block. */
@FunctionalInterface
interface GroupCounts {
  /**
   * Since the phase of the switch began.
   *
   * @param requests all that ended
   * @param bad those among them that were answered with 5xx, or not at all
   */
  record Counts(long requests, long bad) {}

  /** Empty: they are not counted. */
  Optional<Counts> of(String route, String group);
}
