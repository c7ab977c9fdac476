package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.TargetGroup;
import io.proxyetc.TargetTls;
import io.proxyetc.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Relative trust files started from the working directory wherever a route came from: a file of
 * routes that worked in a shell did not as a service.
 */
final class RelativeTrustFileTest {
  @TempDir private Path dir;

  private ProxyServer proxy() {
    return ProxyServer.builder()
        .http("localhost", 0)
        .limits(Rig.LIMITS)
        .fileStore(dir.resolve("routes.json"))
        .start();
  }

  private static Route trusting(Path file) {
    TargetGroup group =
        TargetGroup.of("blue", "https://localhost:1").withTls(TargetTls.trusting(file));
    TargetGroup waiting = TargetGroup.of("green", "http://localhost:1");
    return Route.builder("shop").group(group).group(waiting).active("green").build();
  }

  private static Optional<Path> trust(ProxyServer proxy) {
    return proxy.routes().get("shop").flatMap(route -> route.groups().get("blue").tls().trust());
  }

  private void write(String trust) throws IOException {
    Files.writeString(
        dir.resolve("routes.json"),
        """
        [{"id": "shop", "active": "green", "groups": {
           "blue": {"targets": ["https://localhost:1"], "tls": {"trust": "%s"}},
           "green": {"targets": ["http://localhost:1"]}}}]
        """
            .formatted(trust));
  }

  @Test
  void inTheFileOfAStoreTheyStartFromItsDirectory() throws IOException {
    write("ca.pem");
    try (ProxyServer proxy = proxy()) {
      assertEquals(Optional.of(dir.resolve("ca.pem")), trust(proxy));
      write("tls/../tls/ca.pem");
      Await.until(
          "the edit is live", () -> trust(proxy).equals(Optional.of(dir.resolve("tls/ca.pem"))));
      proxy.routes().switchTo("shop", "green");
      assertEquals(Optional.of(dir.resolve("tls/ca.pem")), trust(proxy));
    }
  }

  /** What a program puts is kept as an absolute path: read again, it would be another file. */
  @Test
  void fromAProgramTheyStartFromTheWorkingDirectory() throws IOException {
    Path absolute = Path.of("ca.pem").toAbsolutePath();
    try (ProxyServer proxy = proxy()) {
      proxy.routes().put(trusting(Path.of("ca.pem")));
      assertEquals(Optional.of(absolute), trust(proxy));
      assertTrue(Files.readString(dir.resolve("routes.json")).contains(absolute.toString()));
    }
    try (ProxyServer again = proxy()) {
      assertEquals(Optional.of(absolute), trust(again));
    }
  }
}
