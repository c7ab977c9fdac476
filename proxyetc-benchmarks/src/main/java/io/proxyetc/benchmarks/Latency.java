package io.proxyetc.benchmarks;

import java.util.Arrays;

/**
 * How long requests took, in microseconds.
 *
 * @param rate requests per second that were asked for
 * @param p50 half took no longer
 * @param p99 99 of 100 took no longer
 */
record Latency(double rate, double p50, double p99) {

  /** From the times of single requests, in any order; the first {@code count} count. */
  static Latency of(double rate, long[] micros, int count) {
    if (count == 0) {
      throw new BenchmarkException("latency: no request was answered");
    }
    long[] sorted = Arrays.copyOf(micros, count);
    Arrays.sort(sorted);
    return new Latency(rate, percentile(sorted, 0.50), percentile(sorted, 0.99));
  }

  private static long percentile(long[] sorted, double share) {
    int rank = (int) Math.ceil(share * sorted.length);
    return sorted[Math.max(0, rank - 1)];
  }
}
