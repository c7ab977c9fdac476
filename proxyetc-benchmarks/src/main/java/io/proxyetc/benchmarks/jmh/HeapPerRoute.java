package io.proxyetc.benchmarks.jmh;

import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;

/** Prints how much heap a simple route takes: records, store, table and live states together. */
public final class HeapPerRoute {
  private static final int ROUTES = 100_000;

  private HeapPerRoute() {}

  public static void main(String[] args) {
    new ManyRoutes(1); // loads the classes
    long before = used();
    ManyRoutes many = new ManyRoutes(ROUTES);
    long after = used();
    Reference.reachabilityFence(many);
    System.out.printf(
        "%d routes: %d bytes of heap each%n", ROUTES, (after - before) / ROUTES);
  }

  private static long used() {
    for (int i = 0; i < 5; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
