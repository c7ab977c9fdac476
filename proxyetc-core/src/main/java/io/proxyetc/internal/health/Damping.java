package io.proxyetc.internal.health;

import java.time.Duration;

/**
 * When a subject changes too often to be told each time.
 *
 * @param changes that many within the window are told one by one
 * @param window of the count
 * @param quiet how long it has to stay as it is before it is told of again
 */
record Damping(int changes, Duration window, Duration quiet) {
  /** A target that fails three times within ten minutes is told; what follows is one more event. */
  static final Damping STANDARD = new Damping(6, Duration.ofMinutes(10), Duration.ofMinutes(5));
}
