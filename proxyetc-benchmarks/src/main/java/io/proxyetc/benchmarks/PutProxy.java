package io.proxyetc.benchmarks;

import io.proxyetc.HeaderRules;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * This project's proxy in a program that puts routes, for the comparison. Arguments: http port,
 * target port, how many routes it begins with, how many it puts, and how many of these a second. It
 * begins to put once it reads a byte, prints a {@link PutTime} for each, and ends with its input.
 *
 * <p>In turns it replaces a route and adds one, for a host of its own. Each version has the target
 * add its number to the answer, so that the request that follows tells whether it is live.
 */
public final class PutProxy implements AutoCloseable {

  private static final String VERSION = "X-Version";
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final ProxyServer proxy;
  private final BlockingClient client;
  private final String target;
  private final int routes;
  private final Random random = new Random(7);

  private PutProxy(int port, int targetPort, int routes) throws IOException {
    this.target = "http://" + Ports.LOOPBACK + ":" + targetPort;
    this.routes = routes;
    this.proxy =
        ProxyServer.builder().http(Ports.LOOPBACK, port).firstRoutes(firstRoutes()).start();
    this.client = new BlockingClient(port, BlockingClient.buffer());
  }

  public static void main(String[] args) throws IOException {
    int puts = Integer.parseInt(args[3]);
    int perSecond = Integer.parseInt(args[4]);
    try (PutProxy program =
        new PutProxy(
            Integer.parseInt(args[0]), Integer.parseInt(args[1]), Integer.parseInt(args[2]))) {
      if (System.in.read() >= 0) {
        program.run(puts, perSecond).forEach(System.out::println);
        System.in.read(); // whoever sends the traffic beside it may not be done yet
      }
    }
  }

  private List<Route> firstRoutes() {
    List<Route> first = new ArrayList<>(routes + 1);
    first.add(Route.builder("all").to(target).build());
    for (int i = 0; i < routes; i++) {
      first.add(route(i).build());
    }
    return first;
  }

  private List<PutTime> run(int puts, int perSecond) throws IOException {
    List<PutTime> times = new ArrayList<>(puts);
    long start = System.nanoTime();
    for (int i = 0; i < puts; i++) {
      long due = start + TimeUnit.SECONDS.toNanos(i) / perSecond;
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      times.add(put(i % 2 == 0 ? random.nextInt(routes) : routes + i, Integer.toString(i)));
    }
    return times;
  }

  private PutTime put(int number, String version) throws IOException {
    HeaderRules versioned = new HeaderRules(Map.of(VERSION, version), Map.of(), List.of());
    Route route = route(number).response(versioned).build();
    String answer = "\r\n" + VERSION + ": " + version + "\r\n";
    long called = System.nanoTime();
    proxy.routes().put(route);
    long completed = System.nanoTime();
    int requests = 0;
    long answered;
    boolean live;
    do {
      live = client.head(LauncherConfig.host(number), "/1k").contains(answer);
      answered = System.nanoTime();
      requests++;
    } while (!live && answered - completed < PATIENCE_NANOS);
    return new PutTime(
        TimeUnit.NANOSECONDS.toMicros(completed - called),
        TimeUnit.NANOSECONDS.toMicros(answered - called),
        live && requests == 1);
  }

  private Route.Builder route(int number) {
    return Route.builder("r" + number).host(LauncherConfig.host(number)).to(target);
  }

  @Override
  public void close() throws IOException {
    client.close();
    proxy.close();
  }
}
