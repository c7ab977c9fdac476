package io.proxyetc.internal.balance;

import java.util.Arrays;

/**
 * All 64-bit numbers in a ring, on which each index of a list has points: as many as its weight
 * says, and where its id says. A hash belongs to the index of the next point at or behind it. So an
 * id that comes takes its part from all others, one that goes leaves it to all others, and nothing
 * else moves. Immutable.
 */
final class HashRing {
  /** A target of average weight has from so many points to twice as many. */
  private static final int POINTS = 128;

  /** There are not more points than this for long lists, unless they need one each. */
  private static final int MOST_POINTS = 1 << 20;

  /** The low bits of a point say whose it is. */
  private static final int OWNER_BITS = 20;

  private static final int OWNER = (1 << OWNER_BITS) - 1;

  /** Ascending. */
  private final long[] points;

  /** At i where the points of the i-th of equal parts of the ring begin: spares a search. */
  private final int[] starts;

  /** How many low bits of a hash tell nothing of its part. */
  private final int partBits;

  /**
   * @param ids of each index
   * @param weights as many; one is above 0
   */
  HashRing(String[] ids, int[] weights) {
    if (ids.length > OWNER) {
      throw new IllegalArgumentException(ids.length + " targets: " + OWNER + " fit on a ring");
    }
    int[] counts = counts(weights);
    points = new long[Arrays.stream(counts).sum()];
    int at = 0;
    for (int owner = 0; owner < ids.length; owner++) {
      long hash = Hash64.of(ids[owner]);
      for (int n = 0; n < counts[owner]; n++) {
        points[at++] = Hash64.derived(hash, n) & ~(long) OWNER | owner;
      }
    }
    Arrays.sort(points);
    partBits = partBits(points.length);
    starts = starts();
  }

  /** As many parts as points, or up to twice as many; at least two. */
  private static int partBits(int points) {
    return Long.SIZE - Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(points - 1));
  }

  /**
   * Weights times a power of two: so a change of the list hardly ever changes how many points the
   * others have.
   */
  private static int[] counts(int[] weights) {
    long sum = 0;
    long positive = 0;
    for (int weight : weights) {
      sum += weight;
      positive += weight > 0 ? 1 : 0;
    }
    double scale = 1;
    while (sum * scale < positive * POINTS) {
      scale *= 2;
    }
    while (sum * scale >= 2 * positive * POINTS || sum * scale > MOST_POINTS) {
      scale /= 2;
    }
    int[] counts = new int[weights.length];
    for (int i = 0; i < weights.length; i++) {
      counts[i] = weights[i] == 0 ? 0 : (int) Math.max(1, Math.round(weights[i] * scale));
    }
    return counts;
  }

  private int[] starts() {
    int[] made = new int[1 << (Long.SIZE - partBits)];
    int at = 0;
    for (int part = 0; part < made.length; part++) {
      while (at < points.length && part(points[at]) < part) {
        at++;
      }
      made[part] = at;
    }
    return made;
  }

  /** Points ascend as signed numbers, and parts from 0. */
  private int part(long hash) {
    return (int) ((hash ^ Long.MIN_VALUE) >>> partBits);
  }

  /** How many points there are. */
  int size() {
    return points.length;
  }

  /** The position of the first point at or behind a hash: from 0 to {@link #size} - 1. */
  int at(long hash) {
    int at = starts[part(hash)];
    while (at < points.length && points[at] < hash) {
      at++;
    }
    return at < points.length ? at : 0;
  }

  /** Whose point it is. Positions go round: one behind the last is the first again. */
  int owner(int position) {
    int at = position < points.length ? position : position - points.length;
    return (int) points[at] & OWNER;
  }
}
