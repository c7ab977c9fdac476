package io.proxyetc.internal.balance;

import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * How many requests in flight a target may have: its share, by weight, of all that would be in
 * flight in the group with one more, times a factor above 1. The shares are those among the targets
 * that are in service: where half are down, the others have to take all.
 *
 * <p>Safe for any thread, without lock and allocation.
 */
final class LoadBound {
  /** The factor has four decimals, and all is reckoned in whole numbers. */
  private static final long UNIT = 10_000;

  /** What is known of who is in service may be this old. */
  private static final long FRESH = TimeUnit.MILLISECONDS.toNanos(100);

  private final WeightedTargets targets;
  private final long factor;
  private final IntSupplier inFlight;

  /** The sum of the weights in service, as it was at {@link #countedAt}. */
  private volatile int inService;

  private volatile long countedAt;

  /**
   * @param factor above 1
   * @param inFlight at all targets together
   */
  LoadBound(WeightedTargets targets, double factor, IntSupplier inFlight) {
    this.targets = targets;
    this.factor = Math.round(factor * UNIT);
    this.inFlight = inFlight;
    this.inService = targets.sum();
  }

  /** In flight at all targets together. */
  int total() {
    return Math.max(0, inFlight.getAsInt());
  }

  /** How many may be in flight at a target where {@code total} are at all: rounded up. */
  int bound(int index, int total) {
    long full = UNIT * inService;
    long bound = (share(index, total) + full - 1) / full;
    return (int) Math.min(bound, Integer.MAX_VALUE);
  }

  /** Whether a target has room for one more below its bound. */
  boolean room(int index, int total) {
    return targets.inFlight(index) * UNIT * inService < share(index, total);
  }

  private long share(int index, int total) {
    return factor * (total + 1L) * targets.weight(index);
  }

  /** The one look that nearly each request is done with: whether a target has room. */
  boolean room(int index) {
    if (inService < targets.sum()) {
      recount(targets.now());
    }
    // Whoever has nothing to do has room, and nobody else needs to be asked.
    return targets.inFlight(index) == 0 || room(index, total());
  }

  /** Finds out who is in service, if that is not known well enough. */
  void recount(long now) {
    if (now - countedAt >= FRESH) {
      recountNow(now);
    }
  }

  /** Finds out who is in service. */
  void recountNow(long now) {
    int counted = 0;
    for (int i = 0; i < targets.size(); i++) {
      counted += targets.skipped(i, now) ? 0 : targets.weight(i);
    }
    inService = counted > 0 ? counted : targets.sum();
    countedAt = now;
  }
}
