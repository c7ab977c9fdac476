package io.proxyetc.internal.balance;

import java.util.concurrent.atomic.AtomicInteger;

/** Under construction. */
public final class WeightedSequence {
  private final int size;

  private WeightedSequence(int size) {
    this.size = size;
  }

  /** Over indices 0 to weights.length - 1. */
  public static WeightedSequence of(int... weights) {
    return new WeightedSequence(weights.length);
  }

  /** The next index; -1 if no weight is above 0. */
  public int next(AtomicInteger cursor) {
    return size == 0 ? -1 : Math.floorMod(cursor.getAndIncrement(), size);
  }
}
