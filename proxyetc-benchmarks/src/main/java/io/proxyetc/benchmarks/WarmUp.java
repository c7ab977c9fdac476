package io.proxyetc.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * Loads a JVM until its compiler is done: until in a window of load the compiler's threads take
 * hardly any of the processor time and the time per request no longer falls, within bounds. Others
 * get one window. A cold proxy may stumble here; whoever still does afterwards fails in the first
 * round.
 *
 * @param windowSeconds of load between two looks; longer where nothing was answered in one, as cold
 *     TLS handshakes on a busy machine can fill a window
 * @param leastCpuSeconds of the proxy's own processor time in any case: seconds of the clock say
 *     little where the machine has other work
 * @param mostSeconds after which it goes on as it is
 */
record WarmUp(int windowSeconds, int leastCpuSeconds, int mostSeconds) {

  private static final int LONGEST_WINDOW_SECONDS = 8;
  private static final double COMPILER_SHARE = 0.03;
  private static final double STILL_FALLING = 0.95;

  /** Returns the microseconds per request of each window; NaN where it failed. Blocks. */
  List<Double> run(Proxy proxy, Load load) {
    List<Double> course = new ArrayList<>();
    double cpuSeconds = 0;
    int seconds = windowSeconds;
    Window last = window(proxy, load, seconds);
    course.add(last.perRequest);
    for (int spent = seconds; proxy.jvm() && spent < mostSeconds; spent += seconds) {
      cpuSeconds += last.cpuSeconds;
      seconds = last.failed() ? Math.min(2 * seconds, LONGEST_WINDOW_SECONDS) : windowSeconds;
      Window now = window(proxy, load, seconds);
      course.add(now.perRequest);
      boolean settled = now.perRequest >= last.perRequest * STILL_FALLING;
      last = now;
      if (cpuSeconds >= leastCpuSeconds && settled && now.compilerShare <= COMPILER_SHARE) {
        break;
      }
    }
    return course;
  }

  private static Window window(Proxy proxy, Load load, int seconds) {
    double compiler = proxy.tree().compilerMicros();
    CpuTime before = proxy.tree().cpuTime();
    double perRequest;
    try {
      perRequest = Round.measure(proxy, load, seconds).perRequest().totalMicros();
    } catch (BenchmarkException cold) {
      perRequest = Double.NaN;
    }
    double all = proxy.tree().cpuTime().minus(before).totalMicros();
    return new Window(
        perRequest, all / 1e6, (proxy.tree().compilerMicros() - compiler) / Math.max(1, all));
  }

  /**
   * Microseconds per request (NaN: it failed), the proxy's processor time, and what part of it was
   * the compiler's.
   */
  private record Window(double perRequest, double cpuSeconds, double compilerShare) {
    boolean failed() {
      return Double.isNaN(perRequest);
    }
  }
}
