package io.proxyetc.benchmarks;

/**
 * What a load generator counted.
 *
 * @param requests answered in full with 2xx or 3xx
 * @param failed not answered, or with another status
 * @param seconds that it took
 */
record LoadResult(long requests, long failed, double seconds) {

  double perSecond() {
    return requests / seconds;
  }
}
