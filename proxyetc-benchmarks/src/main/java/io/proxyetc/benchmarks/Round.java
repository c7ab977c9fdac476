package io.proxyetc.benchmarks;

/**
 * What one proxy did in one turn.
 *
 * @param perRequest processor time
 * @param load what the load generator counted
 */
record Round(CpuTime perRequest, LoadResult load) {

  private static final double FAILURES_BORNE = 0.001;

  /** Puts the load on and reads the proxy's processor time before and after. Blocks. */
  static Round measure(Proxy proxy, Load load, int seconds) {
    CpuTime before = proxy.tree().cpuTime();
    LoadResult result = load.run(proxy, seconds);
    CpuTime spent = proxy.tree().cpuTime().minus(before);
    if (result.requests() == 0 || result.failed() > FAILURES_BORNE * result.requests()) {
      throw new BenchmarkException(
          "%s: %d requests failed while %d were answered"
              .formatted(proxy.name(), result.failed(), result.requests()));
    }
    return new Round(spent.dividedBy(result.requests()), result);
  }
}
