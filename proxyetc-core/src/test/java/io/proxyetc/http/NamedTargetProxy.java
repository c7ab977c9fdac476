package io.proxyetc.http;

import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import java.io.IOException;

/**
 * A proxy in a process of its own, since a JVM reads but once where its names come from. Prints its
 * port, and ends with its standard input.
 */
final class NamedTargetProxy {
  private NamedTargetProxy() {}

  /** Argument: the target's URL. */
  public static void main(String[] args) throws IOException {
    try (ProxyServer proxy =
        ProxyServer.builder().http("localhost", 0).ioThreads(1).limits(Rig.LIMITS).start()) {
      proxy.routes().put(Route.builder("all").to(args[0]).build());
      System.out.println(proxy.port());
      while (System.in.read() >= 0) {
        // until the test is over
      }
    }
  }
}
