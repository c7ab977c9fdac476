package io.proxyetc.benchmarks;

import java.util.Optional;

/**
 * A proxy that somebody else started; it must lead to the target's port (see {@code
 * --target-port}). It is not stopped.
 *
 * @param httpPort where it listens
 * @param pid its process
 */
record AttachedPeer(int httpPort, long pid) implements Peer {

  /** Reads {@code PORT:PID}. */
  static AttachedPeer parse(String text) {
    if (!text.matches("\\d{1,5}:\\d{1,9}")) {
      throw new BenchmarkException("--attach: '" + text + "' is not PORT:PID, such as 8080:4711");
    }
    String[] parts = text.split(":", -1);
    return new AttachedPeer(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
  }

  @Override
  public String name() {
    return "attached";
  }

  @Override
  public Proxy start(Site site) {
    ProcessTree tree = ProcessTree.of(pid);
    return new Proxy(name(), httpPort, 0, tree, Optional.empty(), true, tree.residentBytes());
  }
}
