package io.proxyetc.examples;

import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

/**
 * Two versions of an application behind one route: a line on standard input names who gets the
 * traffic.
 */
public final class BlueGreen {
  private BlueGreen() {}

  /**
   * Takes the URLs of the blue and of the green version, and the proxy's port (0: any free one).
   */
  public static void main(String... args) {
    try (ProxyServer proxy =
            ProxyServer.builder().http("localhost", Integer.parseInt(args[2])).start();
        Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8)) {
      proxy
          .routes()
          .put(Route.builder("app").group("blue", args[0]).group("green", args[1]).build());
      System.out.println("Open " + proxy.listeners().get(0).url() + ", then type blue or green");
      while (lines.hasNextLine()) {
        String group = lines.nextLine();
        proxy.routes().switchTo("app", group);
        System.out.println(group + " is live");
      }
    }
  }
}
