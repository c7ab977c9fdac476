package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Health;
import io.proxyetc.HealthCheck;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.TargetStatus;
import io.proxyetc.Timeouts;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.LoadOf;
import io.proxyetc.testkit.ServerProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Real servers that are killed, stopped and started again under load. */
final class KilledTargetTest {
  private static final String GET = Rig.request("GET", "/");

  private final List<HealthEvent> events = new CopyOnWriteArrayList<>();

  private ProxyServer proxy(UnaryOperator<Route.Builder> route, ServerProcess... servers) {
    ProxyServer proxy =
        ProxyServer.builder()
            .http("localhost", 0)
            .ioThreads(2)
            .limits(Rig.LIMITS)
            .notifier(events::add)
            .start();
    Route.Builder builder = Route.builder("app");
    for (ServerProcess server : servers) {
      builder.to(server.url());
    }
    proxy.routes().put(route.apply(builder).build());
    return proxy;
  }

  private List<HealthEvent.Kind> kinds() {
    return events.stream().map(HealthEvent::kind).toList();
  }

  private static TargetStatus.Observed health(ProxyServer proxy, ServerProcess server) {
    return proxy.targets().stream()
        .filter(status -> status.target().url().equals(server.url()))
        .findFirst()
        .orElseThrow()
        .health();
  }

  @Test
  void noRequestFailsWhenAServerIsKilled() {
    try (ServerProcess a = ServerProcess.start("a");
        ServerProcess b = ServerProcess.start("b");
        ProxyServer proxy = proxy(route -> route, a, b);
        LoadOf load = new LoadOf(8, proxy.port(), GET)) {
      load.awaitMore("a", 100);
      load.awaitMore("b", 100);
      a.kill();
      load.awaitMore("b", 500);
      Await.until("it is told once", () -> kinds().contains(HealthEvent.Kind.TARGET_DOWN));
      a.restart();
      load.awaitMore("a", 100);
      Await.until("and told again", () -> kinds().contains(HealthEvent.Kind.TARGET_UP));
      assertEquals(List.of(HealthEvent.Kind.TARGET_DOWN, HealthEvent.Kind.TARGET_UP), kinds());
      assertTrue(events.get(0).detail().contains("1 of 2 targets work"), events.toString());
      assertEquals(List.of(), load.failures());
    }
  }

  @Test
  void aProbedServerIsLeftAndTakenUpAgainByItsProbes() {
    HealthCheck check =
        HealthCheck.http("/up").toBuilder().interval(Duration.ofMillis(200)).build();
    try (ServerProcess a = ServerProcess.start("a");
        ServerProcess b = ServerProcess.start("b");
        ProxyServer proxy = proxy(route -> route.health(check), a, b);
        LoadOf load = new LoadOf(8, proxy.port(), GET)) {
      load.awaitMore("a", 100);
      Await.until("both work", () -> health(proxy, a) == TargetStatus.Observed.HEALTHY);
      a.kill();
      Await.until("the probes see it", () -> kinds().contains(HealthEvent.Kind.TARGET_DOWN));
      load.awaitMore("b", 500);
      a.restart();
      load.awaitMore("a", 100);
      Await.until("and see it again", () -> kinds().contains(HealthEvent.Kind.TARGET_UP));
      assertEquals(List.of(HealthEvent.Kind.TARGET_DOWN, HealthEvent.Kind.TARGET_UP), kinds());
      assertEquals(List.of(), load.failures());
    }
  }

  /** The system accepts connections for a process that is stopped: only time tells. */
  @Test
  void aServerThatIsStoppedIsLeftInTimeAndTakenUpAgain() {
    HealthCheck check =
        HealthCheck.http("/up").toBuilder()
            .interval(Duration.ofMillis(300))
            .timeout(Duration.ofMillis(300))
            .build();
    Timeouts patient =
        new Timeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(3), Duration.ofSeconds(5), Duration.ZERO);
    UnaryOperator<Route.Builder> route = r -> r.health(Health.checked(check)).timeouts(patient);
    try (ServerProcess a = ServerProcess.start("a");
        ServerProcess b = ServerProcess.start("b");
        ProxyServer proxy = proxy(route, a, b)) {
      Await.until(
          "both work",
          () ->
              health(proxy, a) == TargetStatus.Observed.HEALTHY
                  && health(proxy, b) == TargetStatus.Observed.HEALTHY);
      try (LoadOf load = new LoadOf(4, proxy.port(), GET)) {
        load.awaitMore("a", 50);
        long stopped = System.nanoTime();
        a.suspend();
        Await.until("it is left", () -> health(proxy, a) == TargetStatus.Observed.UNHEALTHY);
        long millis = Duration.ofNanos(System.nanoTime() - stopped).toMillis();
        assertTrue(millis < 3 * 600 + 2_000, "left after " + millis + " ms");
        load.awaitMore("b", 300);
        a.resume();
        load.awaitMore("a", 50);
        Await.until("told", () -> kinds().contains(HealthEvent.Kind.TARGET_UP));
        assertEquals(List.of(HealthEvent.Kind.TARGET_DOWN, HealthEvent.Kind.TARGET_UP), kinds());
        assertTrue(load.failures().size() <= 4, "only what was sent to it: " + load.failures());
        load.failures().forEach(f -> assertTrue(f.startsWith("504"), f));
      }
    }
  }
}
