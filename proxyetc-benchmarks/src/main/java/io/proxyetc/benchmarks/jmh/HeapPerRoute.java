package io.proxyetc.benchmarks.jmh;

import io.proxyetc.ProxyServer;
import io.proxyetc.spi.RouteChange;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints how much heap a simple route takes in a running proxy with its routes in memory: records,
 * store, table, plans and live states together. Each route has a host and a target of its own. No
 * request is sent: what is kept of those, latencies above all, comes on top, as {@code ./benchmark
 * --cases routes100k} shows.
 */
public final class HeapPerRoute {
  private static final int ROUTES = 100_000;
  private static final int BATCH = 1_000;

  private HeapPerRoute() {}

  public static void main(String[] args) {
    try (ProxyServer proxy = ProxyServer.builder().http("localhost", 0).start()) {
      put(proxy, ROUTES, 1); // loads the classes
      long before = used();
      for (int from = 0; from < ROUTES; from += BATCH) {
        put(proxy, from, BATCH);
      }
      long after = used();
      System.out.printf("%d routes: %d bytes of heap each%n", ROUTES, (after - before) / ROUTES);
    }
  }

  private static void put(ProxyServer proxy, int from, int count) {
    List<RouteChange.Edit> edits = new ArrayList<>(count);
    for (int i = from; i < from + count; i++) {
      edits.add(RouteChange.Edit.put(ManyRoutes.route(i, 0)));
    }
    proxy.routes().apply(new RouteChange(edits, "benchmark", "")).toCompletableFuture().join();
  }

  private static long used() {
    for (int i = 0; i < 5; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
