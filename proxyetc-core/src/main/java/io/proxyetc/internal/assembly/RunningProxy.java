package io.proxyetc.internal.assembly;

import io.proxyetc.ListenerAddress;
import io.proxyetc.ProxyServer;
import io.proxyetc.ProxyStats;
import io.proxyetc.Routes;
import io.proxyetc.TargetStatus;
import io.proxyetc.internal.health.EventQueue;
import io.proxyetc.internal.http.HttpServer;
import io.proxyetc.internal.http.respond.AccessLogWriter;
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
  private final Supplier<List<TargetStatus>> targets;

  RunningProxy(
      Routes routes,
      Supplier<List<TargetStatus>> targets,
      HttpServer http,
      @Nullable AccessLogWriter accessLog,
      EventQueue events,
      CloseStack parts) {
    this.routes = routes;
    this.targets = targets;
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
    return Stats.of(http, accessLog == null ? 0 : accessLog.dropped());
  }

  @Override
  public List<TargetStatus> targets() {
    return targets.get();
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
        return targets.get();
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
