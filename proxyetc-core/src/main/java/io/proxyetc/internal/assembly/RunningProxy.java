package io.proxyetc.internal.assembly;

import io.proxyetc.ListenerAddress;
import io.proxyetc.ProxyServer;
import io.proxyetc.ProxyStats;
import io.proxyetc.Routes;
import io.proxyetc.TargetStatus;
import io.proxyetc.internal.health.Checks;
import io.proxyetc.internal.health.EventQueue;
import io.proxyetc.internal.http.HttpServer;
import io.proxyetc.internal.http.respond.AccessLogWriter;
import io.proxyetc.internal.table.RouteTable;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.spi.HealthNotifier;
import io.proxyetc.spi.ProxyContext;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A proxy that runs. */
final class RunningProxy implements ProxyServer {
  private final Routes routes;
  private final HttpServer http;
  private final @Nullable AccessLogWriter accessLog;
  private final EventQueue events;
  private final CloseStack parts;
  private final List<ListenerAddress> listeners;
  private final TargetRegistry targets;
  private final Supplier<RouteTable<?>> table;
  private final Checks checks;

  RunningProxy(
      Routes routes,
      TargetRegistry targets,
      Supplier<RouteTable<?>> table,
      Checks checks,
      HttpServer http,
      @Nullable AccessLogWriter accessLog,
      EventQueue events,
      CloseStack parts) {
    this.routes = routes;
    this.targets = targets;
    this.table = table;
    this.checks = checks;
    this.http = http;
    this.accessLog = accessLog;
    this.events = events;
    this.parts = parts;
    this.listeners = http.addresses();
  }

  @Override
  public Routes routes() {
    return routes;
  }

  @Override
  public List<ListenerAddress> listeners() {
    return listeners;
  }

  @Override
  public ProxyStats stats() {
    long dropped = accessLog == null ? 0 : accessLog.dropped();
    return Stats.of(http, dropped, events, targets, checks);
  }

  @Override
  public List<TargetStatus> targets() {
    return TargetStatuses.of(targets.targets(), table.get());
  }

  /** What extensions get. The executor's threads are made when first used. */
  ProxyContext context(String name) {
    ScheduledExecutorService executor =
        Executors.newScheduledThreadPool(
            1,
            task -> {
              Thread thread = new Thread(task, name + "-extensions");
              thread.setDaemon(true);
              return thread;
            });
    parts.add(executor::shutdownNow);
    return new ProxyContext() {
      @Override
      public Routes routes() {
        return routes;
      }

      @Override
      public List<TargetStatus> targets() {
        return RunningProxy.this.targets();
      }

      @Override
      public ProxyStats stats() {
        return RunningProxy.this.stats();
      }

      @Override
      public void onEvent(HealthNotifier listener) {
        events.add(listener);
      }

      @Override
      public ScheduledExecutorService executor() {
        return executor;
      }
    };
  }

  @Override
  public synchronized void close() {
    parts.close();
  }
}
