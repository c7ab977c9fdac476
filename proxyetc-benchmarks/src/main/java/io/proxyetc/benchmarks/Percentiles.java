package io.proxyetc.benchmarks;

import java.util.Arrays;

/** Times of single events in their order. */
final class Percentiles {

  private final long[] sorted;

  /** In any order; the first {@code count} count. At least one. */
  Percentiles(long[] times, int count) {
    if (count == 0) {
      throw new BenchmarkException("latency: no request was answered");
    }
    sorted = Arrays.copyOf(times, count);
    Arrays.sort(sorted);
  }

  /** That share of them, from 0 to 1, took no longer; 1: the longest. */
  double at(double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(0, rank - 1)];
  }
}
