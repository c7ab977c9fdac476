package io.proxyetc.benchmarks;

/** As many requests as a proxy takes. */
interface Load {

  /** Puts the load on the proxy for that many seconds. Blocks. */
  LoadResult run(Proxy proxy, int seconds);
}
