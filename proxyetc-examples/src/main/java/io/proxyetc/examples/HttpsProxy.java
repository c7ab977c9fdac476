package io.proxyetc.examples;

import io.proxyetc.ListenerAddress;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.Tls;
import java.nio.file.Path;

/** TLS towards clients, and a redirect for those who come without. */
public final class HttpsProxy {
  private HttpsProxy() {}

  /**
   * Takes the PEM files of certificate and key, the server's URL, and two ports (0: any free one).
   */
  public static void main(String... args) {
    Tls tls = Tls.pem(Path.of(args[0]), Path.of(args[1]));
    ProxyServer proxy =
        ProxyServer.builder()
            .http("localhost", Integer.parseInt(args[3]))
            .https("localhost", Integer.parseInt(args[4]), tls)
            .start();
    proxy.routes().put(Route.builder("app").to(args[2]).redirectToHttps().build());
    proxy.listeners().stream()
        .map(ListenerAddress::url)
        .forEach(url -> System.out.println("Open " + url));
  }
}
