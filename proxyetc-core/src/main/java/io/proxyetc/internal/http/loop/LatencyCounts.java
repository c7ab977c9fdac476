package io.proxyetc.internal.http.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.HdrHistogram.Histogram;

/**
 * How often each latency was seen, to within one part in 128: written by one IO thread with plain
 * arithmetic and an opaque store, read by any. A recorder of HdrHistogram's takes two atomic steps
 * for each value, and twice the memory.
 *
 * <p>Values below 256 have a cell each; above, each power of two has 128 cells.
 */
final class LatencyCounts {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int MAX_MICROS = 60_000_000;
  private static final int DIGITS = 2;

  private final long[] cells = new long[index(MAX_MICROS) + 1];

  /** Counts one; more than 60 seconds as 60 seconds. Only on the IO thread. */
  void add(long micros) {
    int i = index((int) Math.min(MAX_MICROS, Math.max(1, micros)));
    CELL.setOpaque(cells, i, cells[i] + 1);
  }

  /** Adds all counts so far. Any thread. */
  void addTo(Histogram sum) {
    for (int i = 0; i < cells.length; i++) {
      long count = (long) CELL.getOpaque(cells, i);
      if (count > 0) {
        sum.recordValueWithCount(Math.min(MAX_MICROS, highestOf(i)), count);
      }
    }
  }

  /** An empty histogram to {@link #addTo}. */
  static Histogram histogram() {
    return new Histogram(1, MAX_MICROS, DIGITS);
  }

  private static int index(int value) {
    int shift = Math.max(0, 24 - Integer.numberOfLeadingZeros(value)); // leaves eight bits
    return (shift << 7) + (value >>> shift);
  }

  /** The highest value that is counted in a cell. */
  private static long highestOf(int index) {
    int shift = Math.max(0, (index >>> 7) - 1);
    return ((long) (index - (shift << 7)) + 1 << shift) - 1;
  }
}
