package io.proxyetc.internal.balance;

import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The indices of a list, each as often as its weight says and spread as evenly as that allows:
 * weights 5, 1, 1 give 0 0 0 1 2 0 0. Immutable. Whoever asks brings a cursor, so that any number
 * of threads together get each index exactly as often as its weight in each full turn.
 */
public final class WeightedSequence {
  /** A turn is not longer than this, or than the list where that is longer. */
  static final int LONGEST = 65_536;

  /** Indices in turn; null: all from 0 to size - 1, once each. */
  private final int @Nullable [] turn;

  private final int size;
  private final int positive;

  private WeightedSequence(int @Nullable [] turn, int size, int positive) {
    this.turn = turn;
    this.size = size;
    this.positive = positive;
  }

  /**
   * A sequence over the indices of {@code weights}. Weights are divided by what they have in
   * common; where a turn would be too long they are scaled down, and each that was above 0 stays
   * so.
   *
   * @param weights 0 or more each; 0: never
   */
  public static WeightedSequence of(int... weights) {
    int positive = 0;
    for (int weight : weights) {
      positive += weight > 0 ? 1 : 0;
    }
    int[] lean = lean(weights, positive);
    int size = 0;
    for (int weight : lean) {
      size += weight;
    }
    boolean plain = size == weights.length && positive == size;
    return new WeightedSequence(plain ? null : spread(lean, size), size, positive);
  }

  /** The next index; -1 if no weight is above 0. Allocates nothing. */
  public int next(AtomicInteger cursor) {
    if (size <= 1) {
      return size == 0 ? -1 : at(0);
    }
    // Unsigned, so that the turn is broken only once in four billion requests.
    return at(Integer.remainderUnsigned(cursor.getAndIncrement(), size));
  }

  /** How many steps a full turn has. */
  int size() {
    return size;
  }

  /** How many indices have a weight above 0. */
  int positive() {
    return positive;
  }

  private int at(int step) {
    return turn == null ? step : turn[step];
  }

  private static int[] lean(int[] weights, int positive) {
    int divisor = 0;
    long sum = 0;
    for (int weight : weights) {
      divisor = gcd(weight, divisor);
      sum += weight;
    }
    int[] lean = new int[weights.length];
    if (sum == 0) {
      return lean;
    }
    long longest = Math.max(LONGEST, positive);
    boolean tooLong = sum / divisor > longest;
    // One step for each, and the rest in proportion: the sum of both stays within the longest.
    long rest = longest - positive;
    for (int i = 0; i < weights.length; i++) {
      if (tooLong) {
        lean[i] = weights[i] == 0 ? 0 : 1 + (int) (weights[i] * rest / sum);
      } else {
        lean[i] = weights[i] / divisor;
      }
    }
    return lean;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }

  /**
   * The k-th turn of weight w is due at (2k + 1) / 2w; of those due at once the first comes first.
   */
  private static int[] spread(int[] weights, int size) {
    PriorityQueue<Due> queue = new PriorityQueue<>();
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        queue.add(new Due(i, 1, weights[i]));
      }
    }
    int[] turn = new int[size];
    for (int step = 0; step < size; step++) {
      Due due = queue.remove();
      turn[step] = due.index;
      if (due.odd + 2 < 2 * due.weight) {
        queue.add(new Due(due.index, due.odd + 2, due.weight));
      }
    }
    return turn;
  }

  private record Due(int index, long odd, long weight) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int order = Long.compare(odd * other.weight, other.odd * weight);
      return order != 0 ? order : Integer.compare(index, other.index);
    }
  }
}
