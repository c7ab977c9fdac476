package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyConfig;
import io.proxyetc.ProxyException;
import io.proxyetc.ProxyServer;
import io.proxyetc.internal.balance.Balancers;
import io.proxyetc.internal.health.EventQueue;
import io.proxyetc.internal.http.AccessLogging;
import io.proxyetc.internal.http.ExchangeLog;
import io.proxyetc.internal.http.HttpPlanner;
import io.proxyetc.internal.http.HttpRoute;
import io.proxyetc.internal.http.HttpServer;
import io.proxyetc.internal.http.UndertowVersion;
import io.proxyetc.internal.http.respond.AccessLogWriter;
import io.proxyetc.internal.table.RouteTables;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.tls.ClientTls;
import io.proxyetc.spi.RouteStore;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** From a description to a running proxy. */
public final class Assembly {
  private static final AtomicInteger NUMBER = new AtomicInteger(); // only tells threads apart

  private Assembly() {}

  /** Builds the object graph, binds, and starts. What was taken is freed when something fails. */
  public static ProxyServer start(ProxyConfig config) {
    UndertowVersion.check();
    String name = "proxyetc-" + NUMBER.incrementAndGet();
    CloseStack parts = new CloseStack();
    try {
      return start(config, name, parts);
    } catch (RuntimeException | Error e) {
      parts.close();
      throw e;
    }
  }

  private static ProxyServer start(ProxyConfig config, String name, CloseStack parts) {
    EventQueue events = parts.add(new EventQueue(config.notifiers()));
    AccessLogWriter accessLog = config.accessLog().map(AccessLogWriter::open).orElse(null);
    if (accessLog != null) {
      parts.add(accessLog);
    }
    Balancers balancers = new Balancers(config.balancers());
    RouteTables<HttpRoute> tables =
        new RouteTables<>(new HttpPlanner(new TargetRegistry(), balancers, new ClientTls()));
    TemporaryRoutes routes = new TemporaryRoutes(tables);
    ExchangeLog log = accessLog == null ? ExchangeLog.NONE : new AccessLogging(accessLog);
    HttpServer http =
        new HttpServer(name, config.ioThreads(), config.limits(), config.trustedPeers(), tables, log);
    parts.add(http::close);
    config.listens().forEach(listen -> http.bind(listen, events::publish));
    RunningProxy proxy = new RunningProxy(routes, http, accessLog, events, parts);
    http.open();
    Extensions.start(config.extensions(), proxy.context(name), parts);
    return proxy;
  }

  /** A store in a JSON file. */
  public static RouteStore fileStore(Path file) {
    throw new ProxyException("the file store is not there yet: " + file);
  }
}
