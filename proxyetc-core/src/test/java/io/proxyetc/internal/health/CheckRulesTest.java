package io.proxyetc.internal.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Health;
import io.proxyetc.HealthCheck;
import io.proxyetc.InvalidRouteException;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.TargetGroup;
import org.junit.jupiter.api.Test;

class CheckRulesTest {
  private static final HealthCheck TLS = HealthCheck.tls();

  private static InvalidRouteException refused(Route route) {
    return assertThrows(InvalidRouteException.class, () -> CheckRules.check(route));
  }

  @Test
  void aHandshakeIsAskedOfHttpsTargetsOnly() {
    InvalidRouteException e = refused(Route.builder("a").to("http://h:80").health(TLS).build());
    assertEquals("health.check", e.path());
    assertTrue(e.fault().contains("http://h:80"), e.fault());
    CheckRules.check(Route.builder("a").to("https://h:443").health(TLS).build());
    CheckRules.check(Route.builder("a").to("http://h:80").health(HealthCheck.tcp()).build());
    TargetGroup own = TargetGroup.of("g", "http://h:80").withHealth(Health.checked(TLS));
    assertEquals("groups.g.health.check", refused(Route.builder("a").group(own).build()).path());
  }

  @Test
  void aProxyRefusesItWithTheRoute() {
    try (ProxyServer proxy = ProxyServer.builder().http("localhost", 0).start()) {
      Route route = Route.builder("a").to("http://h:80").health(TLS).build();
      InvalidRouteException e =
          assertThrows(InvalidRouteException.class, () -> proxy.routes().put(route));
      assertTrue(e.getMessage().startsWith("route a: health.check: "), e.getMessage());
    }
  }
}
