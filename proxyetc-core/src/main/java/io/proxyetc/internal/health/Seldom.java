package io.proxyetc.internal.health;

import java.util.concurrent.TimeUnit;

/**
 * Lets the first of many equal faults into the log, and then one a minute. For one thread; times
 * are those of a monotonic clock.
 */
final class Seldom {
  private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private boolean any;
  private long loggedAt;
  private long heldBack;

  /**
   * It has occurred again: gives how many were held back before it; less than 0: so is this one.
   */
  long occurred(long nowNanos) {
    if (any && nowNanos - loggedAt < PAUSE_NANOS) {
      heldBack++;
      return -1;
    }
    any = true;
    loggedAt = nowNanos;
    long before = heldBack;
    heldBack = 0;
    return before;
  }
}
