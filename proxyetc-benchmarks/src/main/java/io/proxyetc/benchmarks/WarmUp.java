package io.proxyetc.benchmarks;

/**
 * Loads a JVM until its compiler is done: until the processor time per request of two windows
 * agrees, within bounds of time. Others get one window.
 *
 * @param windowSeconds of load between two looks
 * @param leastSeconds of load in any case
 * @param mostSeconds after which it goes on as it is
 */
record WarmUp(int windowSeconds, int leastSeconds, int mostSeconds) {

  private static final double SETTLED = 0.03;

  void run(Proxy proxy, Load load) {
    double last = first(proxy, load).perRequest().totalMicros();
    for (int spent = 0; proxy.jvm() && spent < mostSeconds; spent += windowSeconds) {
      double now = Round.measure(proxy, load, windowSeconds).perRequest().totalMicros();
      if (spent >= leastSeconds && Math.abs(now - last) <= SETTLED * last) {
        return;
      }
      last = now;
    }
  }

  /** A cold JVM may stumble once. */
  private static Round first(Proxy proxy, Load load) {
    try {
      return Round.measure(proxy, load, 1);
    } catch (BenchmarkException cold) {
      return Round.measure(proxy, load, 1);
    }
  }
}
