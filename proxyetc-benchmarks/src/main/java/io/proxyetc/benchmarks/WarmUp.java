package io.proxyetc.benchmarks;

/**
 * Loads a JVM until its compiler is done: until in a window of load the compiler's threads take
 * hardly any of the processor time and the time per request no longer falls, within bounds. Others
 * get one window. A cold proxy may stumble here; whoever still does afterwards fails in the first
 * round.
 *
 * @param windowSeconds of load between two looks
 * @param leastSeconds of load in any case
 * @param mostSeconds after which it goes on as it is
 */
record WarmUp(int windowSeconds, int leastSeconds, int mostSeconds) {

  private static final double COMPILER_SHARE = 0.03;
  private static final double STILL_FALLING = 0.95;

  void run(Proxy proxy, Load load) {
    Window last = window(proxy, load);
    for (int spent = windowSeconds; proxy.jvm() && spent < mostSeconds; spent += windowSeconds) {
      Window now = window(proxy, load);
      boolean settled = now.perRequest >= last.perRequest * STILL_FALLING;
      if (spent >= leastSeconds && settled && now.compilerShare <= COMPILER_SHARE) {
        return;
      }
      last = now;
    }
  }

  private Window window(Proxy proxy, Load load) {
    double compiler = proxy.tree().compilerMicros();
    CpuTime before = proxy.tree().cpuTime();
    try {
      double perRequest = Round.measure(proxy, load, windowSeconds).perRequest().totalMicros();
      double all = proxy.tree().cpuTime().minus(before).totalMicros();
      return new Window(perRequest, (proxy.tree().compilerMicros() - compiler) / all);
    } catch (BenchmarkException cold) {
      return new Window(Double.NaN, 1);
    }
  }

  /** Microseconds per request (NaN: it failed), and what part of all was the compiler's. */
  private record Window(double perRequest, double compilerShare) {}
}
