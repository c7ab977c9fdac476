package io.proxyetc.examples;

import io.proxyetc.ProxyServer;
import io.proxyetc.Route;

/** The least there is: a proxy in front of one server. */
public final class EmbeddedProxy {
  private EmbeddedProxy() {}

  /** Takes the server's URL, and the proxy's port (0: any free one). */
  public static void main(String... args) {
    String server = args.length > 0 ? args[0] : "http://localhost:3000";
    int port = args.length > 1 ? Integer.parseInt(args[1]) : 8080;
    ProxyServer proxy = ProxyServer.builder().http("localhost", port).start();
    proxy.routes().put(Route.builder("app").to(server).build());
    System.out.println("Open " + proxy.listeners().get(0).url());
  }
}
