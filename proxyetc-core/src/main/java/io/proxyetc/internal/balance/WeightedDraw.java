package io.proxyetc.internal.balance;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Draws indices of a list, each as likely as its weight says, and exactly so: all is done in whole
 * numbers. Immutable.
 *
 * <p>An alias table: as many columns as there are weights above 0, each as high as the sum of all
 * weights. A weight times the number of columns is spread over them so that no column holds more
 * than two indices. So one draw names a column, and another one which of its two.
 */
final class WeightedDraw {
  // What a column has: three numbers beside each other, to be in one line of the cache.
  private static final int LOWER = 0; // the index in its lower part
  private static final int HEIGHT = 1; // how high that part is
  private static final int UPPER = 2; // the index in the rest
  private static final int NUMBERS = 3;

  /** After so many draws in vain it is searched. */
  private static final int QUICK_DRAWS = 2;

  private final int[] columns;

  /** At i the sum of all weights up to and with i. */
  private final int[] ends;

  private final int sum;

  /**
   * @param weights 0 or more each, and one above 0
   */
  WeightedDraw(int... weights) {
    ends = new int[weights.length];
    int end = 0;
    for (int i = 0; i < weights.length; i++) {
      end = Math.addExact(end, weights[i]);
      ends[i] = end;
    }
    sum = end;
    columns = columns(weights, sum);
  }

  private static int[] columns(int[] weights, int sum) {
    int count = (int) Arrays.stream(weights).filter(weight -> weight > 0).count();
    long[] left = new long[weights.length]; // of each index, not in a column yet
    ArrayDeque<Integer> small = new ArrayDeque<>(); // do not fill a column
    ArrayDeque<Integer> large = new ArrayDeque<>();
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        left[i] = (long) weights[i] * count;
        (left[i] < sum ? small : large).add(i);
      }
    }
    int[] columns = new int[count * NUMBERS];
    for (int at = 0; at < columns.length; at += NUMBERS) {
      int lower = small.isEmpty() ? large.remove() : small.remove();
      int height = (int) Math.min(left[lower], sum);
      columns[at + LOWER] = lower;
      columns[at + HEIGHT] = height;
      columns[at + UPPER] = lower;
      left[lower] -= height;
      if (left[lower] > 0) {
        (left[lower] < sum ? small : large).add(lower);
      }
      if (height < sum) {
        // There is one: what is left would fill the columns that are left, and this one did not.
        int upper = large.remove();
        columns[at + UPPER] = upper;
        left[upper] -= sum - height;
        if (left[upper] > 0) {
          (left[upper] < sum ? small : large).add(upper);
        }
      }
    }
    return columns;
  }

  /** One by weight. */
  int any(Chance chance) {
    int at = chance.next(columns.length / NUMBERS) * NUMBERS;
    boolean lower = chance.next(sum) < columns[at + HEIGHT];
    return columns[lower ? at + LOWER : at + UPPER];
  }

  /** One by weight of all but {@code taken}; another one must have a weight above 0. */
  int other(int taken, Chance chance) {
    for (int n = 0; n < QUICK_DRAWS; n++) {
      int index = any(chance);
      if (index != taken) {
        return index;
      }
    }
    return searched(taken, chance);
  }

  /** Never in vain, but slow: what a search finds at each step cannot be foreseen. */
  private int searched(int taken, Chance chance) {
    int start = taken == 0 ? 0 : ends[taken - 1];
    int weight = ends[taken] - start;
    int at = chance.next(sum - weight);
    return indexAt(at < start ? at : at + weight);
  }

  /** The first one whose end is above {@code at}: never one of weight 0. */
  private int indexAt(int at) {
    int low = 0;
    int high = ends.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] > at) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
