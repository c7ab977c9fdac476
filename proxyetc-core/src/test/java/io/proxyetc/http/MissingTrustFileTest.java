package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.TargetGroup;
import io.proxyetc.TargetTls;
import io.proxyetc.testkit.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A route that names a trust file which is not there was stored all the same, and could not be
 * served; as one of the first routes it kept the proxy from starting, and then from taking others.
 */
final class MissingTrustFileTest {
  @TempDir private Path dir;

  private Route route() {
    TargetTls trusting = TargetTls.trusting(dir.resolve("none.pem"));
    TargetGroup group = TargetGroup.of("blue", "https://localhost:1").withTls(trusting);
    return Route.builder("shop").host("shop.test").group(group).active("blue").build();
  }

  private void assertSaid(InvalidRouteException refused) {
    assertEquals("route shop: groups.blue.tls.trust", refused.path());
    assertEquals(
        dir.resolve("none.pem") + ": there is no such file: check the path", refused.fault());
  }

  @Test
  void putRefusesItAndStoresNothing() {
    try (Rig rig = Rig.start()) {
      long before = rig.proxy().routes().revision();
      assertSaid(
          assertThrows(InvalidRouteException.class, () -> rig.proxy().routes().put(route())));
      assertEquals(before, rig.proxy().routes().revision());
    }
  }

  @Test
  void asAFirstRouteItIsNotStoredEither() throws IOException {
    Path store = dir.resolve("routes.json");
    ProxyServer.Builder proxy =
        ProxyServer.builder()
            .http("localhost", 0)
            .limits(Rig.LIMITS)
            .fileStore(store)
            .firstRoutes(List.of(route()));
    assertSaid(assertThrows(InvalidRouteException.class, proxy::start));
    assertFalse(Files.readString(store).contains("shop"));
  }

  @Test
  void aGroupThatIsNotActiveMayWaitForItsFile() {
    try (Rig rig = Rig.start()) {
      Route waiting =
          route().toBuilder()
              .group(TargetGroup.of("green", rig.target().url()))
              .active("green")
              .build();
      rig.proxy().routes().put(waiting);
      assertEquals(waiting, rig.proxy().routes().get("shop").orElseThrow());
    }
  }

  /** It was there when the route was stored; the targets of what is refused were kept for good. */
  @Test
  void whatIsRefusedAtAStartLeavesNothing() throws IOException {
    Path trust = dir.resolve("none.pem");
    Files.copy(TestCertificates.in(dir).authority(), trust);
    try (ProxyServer first = stored().start()) {
      first.routes().put(route());
      assertEquals(1, first.targets().size());
    }
    Files.delete(trust);
    try (ProxyServer again = stored().start()) {
      assertTrue(again.routes().refused().containsKey("shop"));
      assertEquals(List.of(), again.targets());
    }
  }

  private ProxyServer.Builder stored() {
    return ProxyServer.builder()
        .http("localhost", 0)
        .limits(Rig.LIMITS)
        .fileStore(dir.resolve("routes.json"));
  }
}
