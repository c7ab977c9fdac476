package io.proxyetc.internal.assembly;

import io.proxyetc.LogHealthNotifier;
import io.proxyetc.ProxyConfig;
import io.proxyetc.ProxyServer;
import io.proxyetc.internal.balance.Balancers;
import io.proxyetc.internal.health.CheckRules;
import io.proxyetc.internal.health.Checks;
import io.proxyetc.internal.health.EventQueue;
import io.proxyetc.internal.health.HealthBoard;
import io.proxyetc.internal.health.Observations;
import io.proxyetc.internal.http.AccessLogging;
import io.proxyetc.internal.http.ExchangeLog;
import io.proxyetc.internal.http.HttpPlanner;
import io.proxyetc.internal.http.HttpRoute;
import io.proxyetc.internal.http.HttpServer;
import io.proxyetc.internal.http.UndertowVersion;
import io.proxyetc.internal.http.probe.SocketProber;
import io.proxyetc.internal.http.relay.RealClient;
import io.proxyetc.internal.http.relay.TrustedPeers;
import io.proxyetc.internal.http.respond.AccessLogWriter;
import io.proxyetc.internal.store.FileRouteStore;
import io.proxyetc.internal.store.GuardedStore;
import io.proxyetc.internal.store.LastGoodStore;
import io.proxyetc.internal.store.MemoryRouteStore;
import io.proxyetc.internal.table.RouteTables;
import io.proxyetc.internal.target.Drains;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.tls.ClientTls;
import io.proxyetc.spi.HealthNotifier;
import io.proxyetc.spi.RouteStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From a description to a running proxy. */
public final class Assembly {
  private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);
  private static final Duration FIRST_ROUTES = Duration.ofSeconds(10);
  private static final AtomicInteger NUMBER = new AtomicInteger(); // only tells threads apart

  private Assembly() {}

  /** Builds the object graph, binds, and starts. What was taken is freed when something fails. */
  public static ProxyServer start(ProxyConfig config) {
    CloseStack parts = new CloseStack();
    try {
      UndertowVersion.check();
      return start(config, "proxyetc-" + NUMBER.incrementAndGet(), parts);
    } catch (Throwable e) {
      parts.close();
      throw e;
    }
  }

  private static ProxyServer start(ProxyConfig config, String name, CloseStack parts) {
    RouteStore store = parts.add(store(config));
    EventQueue events = parts.add(new EventQueue(notifiers(config)));
    AccessLogWriter accessLog = config.accessLog().map(AccessLogWriter::open).orElse(null);
    if (accessLog != null) {
      parts.add(accessLog);
    }
    Balancers balancers = parts.add(new Balancers(config.balancers()));
    ClientTls targetTls = parts.add(new ClientTls(events::publish));
    Drains drains = parts.add(new Drains(name + "-drain"));
    Observations observations = new Observations(events::publish, Clock.systemUTC());
    Checks checks =
        parts.add(new Checks(name + "-health", new SocketProber(name, config.limits())));
    HealthBoard health =
        new HealthBoard(checks, events::publish, Clock.systemUTC(), System::nanoTime);
    TargetRegistry registry = new TargetRegistry();
    RouteTables<HttpRoute> tables =
        new RouteTables<>(
            new HttpPlanner(
                registry,
                balancers,
                targetTls,
                drains,
                observations,
                health,
                SessionKeys.of(config)));
    HttpServer http = http(config, name, tables, observations, accessLog);
    drains.cutWith(http::cut);
    parts.add(http::close);
    config.listens().forEach(listen -> http.bind(listen, events::publish));

    LiveRoutes.Hooks hooks =
        new LiveRoutes.Hooks(
            route -> {
              balancers.check(route.balancing());
              CheckRules.check(route);
            },
            targetTls::check,
            http::onIoThread,
            events::publish,
            SwitchDriver.Groups.of(health::faults, new SwitchCountsOf(registry)));
    LiveRoutes<HttpRoute> routes = parts.add(new LiveRoutes<>(store, tables, hooks), store);
    if (routes.start(FIRST_ROUTES)) {
      FirstRoutes.put(routes, config.firstRoutes(), targetTls::check);
    } else {
      LOG.warn(
          "{} gave no routes within {} s: the proxy starts without",
          store.describe(),
          FIRST_ROUTES.toSeconds());
    }
    RunningProxy proxy =
        new RunningProxy(routes, registry, tables::current, checks, http, accessLog, events, parts);
    http.open();
    Extensions.start(config.extensions(), proxy.context(name), parts);
    return proxy;
  }

  /** What nobody hears of would be lost. */
  private static List<HealthNotifier> notifiers(ProxyConfig config) {
    return config.notifiers().isEmpty() ? List.of(new LogHealthNotifier()) : config.notifiers();
  }

  private static HttpServer http(
      ProxyConfig config,
      String name,
      RouteTables<HttpRoute> tables,
      Observations observations,
      @Nullable AccessLogWriter accessLog) {
    RealClient clients = new RealClient(new TrustedPeers(config.trustedPeers()));
    ExchangeLog log = accessLog == null ? ExchangeLog.NONE : new AccessLogging(accessLog, clients);
    return new HttpServer(
        name, config.ioThreads(), config.limits(), clients, tables, observations, log);
  }

  private static RouteStore store(ProxyConfig config) {
    RouteStore store =
        config.store().<RouteStore>map(GuardedStore::new).orElseGet(MemoryRouteStore::new);
    return config.lastGood().<RouteStore>map(file -> new LastGoodStore(store, file)).orElse(store);
  }

  /** A store in a JSON file. */
  public static RouteStore fileStore(Path file) {
    return new FileRouteStore(file);
  }
}
