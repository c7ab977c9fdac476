package io.proxyetc.internal.http.probe;

import io.proxyetc.HealthCheck;
import io.proxyetc.Limits;
import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.health.Checks;
import io.proxyetc.internal.health.Watch;
import io.proxyetc.internal.target.AddressState;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.tls.ClientTls;
import io.proxyetc.internal.tls.TargetEngines;
import io.proxyetc.testkit.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** Probes over real sockets, as the proxy makes them. */
final class ProbeRig implements AutoCloseable {
  /** For checks that should not run into it. */
  static final Duration PATIENT = Duration.ofSeconds(20);

  /** For checks that should. */
  static final Duration SHORT = Duration.ofMillis(300);

  final Checks checks = new Checks("test-checks", new SocketProber("test-checks", Limits.DEFAULT));
  private final TargetRegistry registry = new TargetRegistry();
  private final ClientTls tls = new ClientTls(event -> {});

  /** What a watch heard. */
  record Heard(boolean healthy, String reason) {}

  static HealthCheck.Builder http() {
    return HealthCheck.builder(HealthCheck.Kind.HTTP).path("/healthz").timeout(PATIENT);
  }

  Watch watch(String url, HealthCheck check, TargetTls targetTls, Watch.Listener listener) {
    AddressState address = registry.address(Target.of(url), targetTls);
    TargetEngines engines = tls.engines(targetTls);
    return checks.watch(
        address, check, () -> engines.probe(address.host(), address.port()), listener);
  }

  /** What the first probe comes to. */
  String probe(String url, HealthCheck check, TargetTls targetTls) {
    CompletableFuture<String> first = new CompletableFuture<>();
    try (Watch watch =
        watch(
            url,
            check,
            targetTls,
            (healthy, reason) -> first.complete((healthy ? "good: " : "bad: ") + reason))) {
      String outcome = Await.get("the first probe of " + url, first);
      Await.until("it counts", () -> watch.probes() > 0);
      return outcome;
    }
  }

  String probe(String url, HealthCheck check) {
    return probe(url, check, TargetTls.DEFAULT);
  }

  /** The edges as they come. */
  BlockingQueue<Heard> listen(String url, HealthCheck check, List<Watch> kept) {
    BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    kept.add(
        watch(
            url,
            check,
            TargetTls.DEFAULT,
            (healthy, reason) -> heard.add(new Heard(healthy, reason))));
    return heard;
  }

  @Override
  public void close() {
    checks.close();
    tls.close();
  }
}
