package io.proxyetc.benchmarks;

/** Requests at a fixed rate, to see how long each takes. */
interface PacedLoad {

  /** Sends {@code rate} requests a second for that many seconds. Blocks. */
  Latency run(Proxy proxy, double rate, int seconds);
}
