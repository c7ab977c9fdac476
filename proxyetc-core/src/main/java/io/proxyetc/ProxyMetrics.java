package io.proxyetc;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Publishes a proxy's counters to a Micrometer registry: {@code new
 * ProxyMetrics(proxy).bindTo(registry)}. Needs {@code micrometer-core} on the class path, which
 * core itself does not bring. Reading takes no lock on an IO thread; what one scrape reads is at
 * most a second old.
 *
 * <p>The names are part of what semantic versioning covers.
 */
public final class ProxyMetrics implements MeterBinder {
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ProxyServer proxy;
  private ProxyStats stats; // guarded by this
  private long readAt; // guarded by this

  public ProxyMetrics(ProxyServer proxy) {
    this.proxy = proxy;
    this.stats = proxy.stats();
    this.readAt = System.nanoTime();
  }

  /** One reading serves all meters of a scrape. */
  private synchronized ProxyStats stats() {
    long now = System.nanoTime();
    if (now - readAt > FRESH_NANOS) {
      stats = proxy.stats();
      readAt = now;
    }
    return stats;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    counter(registry, "proxyetc.requests", "requests answered", ProxyStats::requests);
    for (int i = 0; i < 5; i++) {
      int index = i;
      FunctionCounter.builder("proxyetc.responses", this, m -> m.stats().statusClasses().get(index))
          .description("answers by class of status")
          .tag("status", (i + 1) + "xx")
          .register(registry);
    }
    counter(registry, "proxyetc.bytes.in", "body bytes from clients", ProxyStats::bytesIn);
    counter(registry, "proxyetc.bytes.out", "body bytes to clients", ProxyStats::bytesOut);
    counter(registry, "proxyetc.connections.accepted", "client connections", ProxyStats::accepted);
    counter(
        registry,
        "proxyetc.upstream.connects",
        "connections to targets",
        ProxyStats::upstreamConnects);
    counter(
        registry,
        "proxyetc.upstream.failures",
        "connections to targets that failed",
        ProxyStats::upstreamConnectFailures);
    counter(registry, "proxyetc.retries", "further attempts", ProxyStats::retries);
    protection(registry);
    health(registry);
    counter(
        registry,
        "proxyetc.accesslog.dropped",
        "lines the access log could not keep up with",
        ProxyStats::accessLogDropped);
    counter(
        registry,
        "proxyetc.events.dropped",
        "events that a notifier could not keep up with",
        ProxyStats::eventsDropped);
    counter(
        registry,
        "proxyetc.events.failed",
        "events that a notifier could not tell",
        ProxyStats::eventsFailed);
    gauge(registry, "proxyetc.connections.open", "clients connected", ProxyStats::openConnections);
    gauge(registry, "proxyetc.requests.active", "requests being answered", ProxyStats::inFlight);
    gauge(registry, "proxyetc.upstream.open", "connections to targets", ProxyStats::openUpstream);
    gauge(
        registry,
        "proxyetc.buffered.bytes",
        "bytes waiting for slow readers",
        ProxyStats::bufferedBytes);
    Gauge.builder("proxyetc.routes", proxy, p -> p.routes().list().size())
        .description("live routes")
        .register(registry);
    Gauge.builder("proxyetc.routes.refused", proxy, p -> p.routes().refused().size())
        .description("routes that the store holds but the proxy refused")
        .register(registry);
    groups(registry);
  }

  private void protection(MeterRegistry registry) {
    counter(
        registry,
        "proxyetc.retries.refused",
        "further attempts that a budget did not allow",
        ProxyStats::retriesRefused);
    counter(
        registry, "proxyetc.ratelimited", "requests beyond a rate limit", ProxyStats::rateLimited);
    counter(
        registry,
        "proxyetc.pending.timeouts",
        "requests that waited for room in vain",
        ProxyStats::pendingTimedOut);
    counter(
        registry,
        "proxyetc.pending.refused",
        "requests that were not let wait",
        ProxyStats::pendingRefused);
    gauge(registry, "proxyetc.pending", "requests that wait for room", ProxyStats::pending);
  }

  private void health(MeterRegistry registry) {
    gauge(registry, "proxyetc.targets", "targets", s -> s.health().targets());
    gauge(registry, "proxyetc.targets.unhealthy", "those that fail", s -> s.health().unhealthy());
    gauge(registry, "proxyetc.targets.retiring", "those that drain", s -> s.health().retiring());
    counter(registry, "proxyetc.probes", "health checks made", s -> s.health().probes());
    counter(
        registry, "proxyetc.probes.failed", "those that failed", s -> s.health().probesFailed());
    counter(registry, "proxyetc.probes.late", "those begun late", s -> s.health().probesLate());
  }

  /** Groups come and go: their rows are made anew whenever the number of groups is read. */
  private void groups(MeterRegistry registry) {
    MultiGauge requests = rows(registry, "proxyetc.group.requests", "answers of a group's targets");
    MultiGauge failures = rows(registry, "proxyetc.group.failures", "answers with 5xx, or none");
    MultiGauge p50 =
        rows(registry, "proxyetc.group.latency.p50", "microseconds to the answer's head");
    MultiGauge p99 =
        rows(registry, "proxyetc.group.latency.p99", "microseconds to the answer's head");
    Gauge.builder(
            "proxyetc.groups",
            this,
            m -> {
              ProxyStats now = m.stats();
              fill(requests, now, ProxyStats.GroupStats::requests);
              fill(failures, now, ProxyStats.GroupStats::failures);
              fill(p50, now, ProxyStats.GroupStats::p50Micros);
              fill(p99, now, ProxyStats.GroupStats::p99Micros);
              return now.groups().size();
            })
        .description("groups that got requests")
        .register(registry);
  }

  private static MultiGauge rows(MeterRegistry registry, String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  private static void fill(
      MultiGauge gauge, ProxyStats stats, ToLongFunction<ProxyStats.GroupStats> value) {
    gauge.register(
        stats.groups().entrySet().stream()
            .map(e -> MultiGauge.Row.of(tags(e.getKey()), value.applyAsLong(e.getValue())))
            .toList(),
        true);
  }

  private static Tags tags(String group) {
    int slash = group.indexOf('/');
    return slash < 0
        ? Tags.of("route", group, "group", group)
        : Tags.of("route", group.substring(0, slash), "group", group.substring(slash + 1));
  }

  private void counter(
      MeterRegistry registry, String name, String description, ToDoubleFunction<ProxyStats> value) {
    FunctionCounter.builder(name, this, m -> value.applyAsDouble(m.stats()))
        .description(description)
        .register(registry);
  }

  private void gauge(
      MeterRegistry registry, String name, String description, ToDoubleFunction<ProxyStats> value) {
    Gauge.builder(name, this, m -> value.applyAsDouble(m.stats()))
        .description(description)
        .register(registry);
  }
}
