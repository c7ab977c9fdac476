package io.proxyetc.benchmarks;

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
    Percentiles times = new Percentiles(micros, count);
    return new Latency(rate, times.at(0.50), times.at(0.99));
  }
}
