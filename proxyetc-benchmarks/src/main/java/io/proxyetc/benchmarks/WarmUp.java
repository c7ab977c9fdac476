package io.proxyetc.benchmarks;

/**
 * Loads a JVM until its compiler is done: until the processor time per request of two windows
 * agrees, within bounds of time. Others get one window. A cold proxy may stumble here; whoever
 * still does afterwards fails in the first round.
 *
 * @param windowSeconds of load between two looks
 * @param leastSeconds of load in any case
 * @param mostSeconds after which it goes on as it is
 */
record WarmUp(int windowSeconds, int leastSeconds, int mostSeconds) {

  private static final double SETTLED = 0.03;

  void run(Proxy proxy, Load load) {
    double last = window(proxy, load);
    for (int spent = windowSeconds; proxy.jvm() && spent < mostSeconds; spent += windowSeconds) {
      double now = window(proxy, load);
      if (spent >= leastSeconds && Math.abs(now - last) <= SETTLED * last) {
        return;
      }
      last = now;
    }
  }

  /** Microseconds per request, or NaN, which agrees with nothing. */
  private double window(Proxy proxy, Load load) {
    try {
      return Round.measure(proxy, load, windowSeconds).perRequest().totalMicros();
    } catch (BenchmarkException cold) {
      return Double.NaN;
    }
  }
}
