package io.proxyetc.benchmarks;

/**
 * Processor time that a proxy took.
 *
 * @param userMicros in user mode
 * @param systemMicros in the kernel on its behalf
 */
record CpuTime(double userMicros, double systemMicros) {

  double totalMicros() {
    return userMicros + systemMicros;
  }

  CpuTime minus(CpuTime earlier) {
    return new CpuTime(userMicros - earlier.userMicros, systemMicros - earlier.systemMicros);
  }

  CpuTime dividedBy(long count) {
    return new CpuTime(userMicros / count, systemMicros / count);
  }
}
