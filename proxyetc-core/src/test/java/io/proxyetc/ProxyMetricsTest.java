package io.proxyetc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.proxyetc.spi.HealthNotifier;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a program's own registry shows of a proxy. */
final class ProxyMetricsTest {
  @Test
  void countsAppearInARegistry() {
    try (RecordingTarget target = RecordingTarget.start(Script.echoLine());
        ProxyServer proxy = ProxyServer.builder().http("localhost", 0).start()) {
      proxy.routes().put(Route.builder("app").to(target.url()).build());
      try (RawClient client = RawClient.connect(proxy.port())) {
        assertEquals(200, client.send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n").read().status());
        assertEquals(200, client.send("GET /b HTTP/1.1\r\nHost: x\r\n\r\n").read().status());
      }
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      new ProxyMetrics(proxy).bindTo(registry);
      assertEquals(2, registry.get("proxyetc.requests").functionCounter().count());
      assertEquals(
          2, registry.get("proxyetc.responses").tag("status", "2xx").functionCounter().count());
      assertEquals(1, registry.get("proxyetc.routes").gauge().value());
      assertEquals(1, registry.get("proxyetc.groups").gauge().value());
      assertEquals(
          2,
          registry
              .get("proxyetc.group.requests")
              .tags("route", "app", "group", "default")
              .gauge()
              .value());
      assertTrue(registry.get("proxyetc.group.latency.p99").gauge().value() > 0);
      assertEquals(0, registry.get("proxyetc.pending").gauge().value());
      assertEquals(1, registry.get("proxyetc.targets").gauge().value());
      assertEquals(0, registry.get("proxyetc.targets.unhealthy").gauge().value());
      for (String none :
          List.of("ratelimited", "retries.refused", "pending.timeouts", "pending.refused")) {
        assertEquals(0, registry.get("proxyetc." + none).functionCounter().count());
      }
    }
  }

  @Test
  void whatProbesFindIsCounted() {
    try (RecordingTarget good = RecordingTarget.start();
        RecordingTarget bad = RecordingTarget.start(Script.raw(Script.response("500 No", "")));
        ProxyServer proxy = ProxyServer.builder().http("localhost", 0).start()) {
      HealthCheck check = HealthCheck.http("/").toBuilder().fall(1).build();
      proxy.routes().put(Route.builder("app").to(good.url(), bad.url()).health(check).build());
      Await.until("one is bad", () -> proxy.stats().health().unhealthy() == 1);
      ProxyStats.HealthStats health = proxy.stats().health();
      assertEquals(2, health.targets());
      assertEquals(0, health.retiring());
      assertEquals(2, health.watched());
      assertTrue(health.probes() >= 1 && health.probesFailed() >= 1, health.toString());
      Await.until(
          "each stands as it is",
          () ->
              proxy.targets().stream()
                  .map(target -> target.target().url() + " " + target.health())
                  .toList()
                  .containsAll(List.of(good.url() + " HEALTHY", bad.url() + " UNHEALTHY")));
    }
  }

  @Test
  void eventsThatANotifierCouldNotTellAreCounted() {
    HealthNotifier broken =
        event -> {
          throw new IllegalStateException("no line");
        };
    try (ProxyServer proxy = ProxyServer.builder().http("localhost", 0).notifier(broken).start()) {
      proxy
          .routes()
          .put(Route.builder("app").group("a", "http://h:1").group("b", "http://h:2").build());
      proxy.routes().switchTo("app", "b");
      Await.until("the failure", () -> proxy.stats().eventsFailed() > 0);
      assertEquals(0, proxy.stats().eventsDropped());
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      new ProxyMetrics(proxy).bindTo(registry);
      assertTrue(registry.get("proxyetc.events.failed").functionCounter().count() > 0);
    }
  }
}
