package io.proxyetc.benchmarks;

import java.util.Optional;

/**
 * A proxy that runs.
 *
 * @param name its row in the tables
 * @param httpPort on the loopback address
 * @param httpsPort likewise; 0: it has none
 * @param tree its processes
 * @param process what to stop; nothing for a proxy that ran before
 * @param jvm whether it gets faster while it warms up
 * @param residentAtStart bytes, before any load
 */
record Proxy(
    String name,
    int httpPort,
    int httpsPort,
    ProcessTree tree,
    Optional<Process> process,
    boolean jvm,
    long residentAtStart) {

  static Proxy started(String name, Process process, int httpPort, int httpsPort, boolean jvm) {
    ProcessTree tree = ProcessTree.of(process.pid());
    return new Proxy(
        name, httpPort, httpsPort, tree, Optional.of(process), jvm, tree.residentBytes());
  }

  String http(String path) {
    return "http://" + Ports.LOOPBACK + ":" + httpPort + path;
  }

  String https(String path) {
    return "https://" + Ports.LOOPBACK + ":" + httpsPort + path;
  }
}
