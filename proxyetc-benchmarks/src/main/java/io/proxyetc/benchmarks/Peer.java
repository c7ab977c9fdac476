package io.proxyetc.benchmarks;

/** A kind of proxy that can be started; one class for each. */
interface Peer {

  /** Its name in the tables and in {@code --peers}. */
  String name();

  /** Starts it and waits until it accepts connections. Blocks. */
  Proxy start(Site site);
}
