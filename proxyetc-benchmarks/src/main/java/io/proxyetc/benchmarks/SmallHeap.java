package io.proxyetc.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** What must fit through a heap of 256 MiB: many idle connections, and very large bodies. */
final class SmallHeap {

  static final int CONNECTIONS = 10_000;

  private static final double MIB = 1024.0 * 1024.0;
  private static final long GIB = 1L << 30;
  private static final int WARM_UP_SECONDS = 5;
  private static final Duration IDLE = Duration.ofSeconds(10);
  private static final Duration AFTERWARDS = Duration.ofSeconds(2);
  private static final Map<String, String> HEAP = Map.of("PROXYETC_JAVA_OPTS", "-Xmx256m");

  private final Site site;
  private final Load warmUp;

  SmallHeap(Site site) {
    this.site = site;
    this.warmUp = new Wrk(site.processes(), 64, false, "/1k", List.of());
  }

  /** Opens the connections, asks once on each, waits, asks again on each, closes them. */
  String idleConnections() {
    Proxy proxy = start(LauncherConfig::oneRoute);
    Table table = new Table(List.of("step", "connections", "resident MiB"));
    List<BlockingClient> clients = new ArrayList<>();
    try {
      step(table, "warm", 0, proxy);
      ByteBuffer buffer = BlockingClient.buffer();
      long before = proxy.tree().residentBytes();
      for (int i = 0; i < CONNECTIONS; i++) {
        clients.add(new BlockingClient(proxy.httpPort(), buffer));
        clients.get(i).get("/1k");
      }
      long grown = proxy.tree().residentBytes() - before;
      step(table, "one request on each", CONNECTIONS, proxy);
      pause(IDLE);
      step(table, "after " + IDLE.toSeconds() + " s of silence", CONNECTIONS, proxy);
      for (BlockingClient client : clients) {
        client.get("/1k");
      }
      step(table, "another request on each", CONNECTIONS, proxy);
      closeAll(clients);
      pause(AFTERWARDS);
      step(table, "all closed", 0, proxy);
      return "### idle10k: idle keep-alive connections, heap of 256 MiB\n\n"
          + table.print()
          + "\nPer connection: %,d bytes resident.\n".formatted(grown / CONNECTIONS);
    } catch (IOException e) {
      throw new BenchmarkException(
          "idle10k: connection " + clients.size() + ": " + e.getMessage(), e);
    } finally {
      closeAll(clients);
      proxy.process().ifPresent(site.processes()::stop);
    }
  }

  /** One download and one upload of 1 GiB. */
  String largeBodies() {
    try (Sink sink = new Sink()) {
      Proxy proxy = start(port -> LauncherConfig.withUpload(port, sink.port()));
      Table table = new Table(List.of("step", "seconds", "resident MiB, peak", "growth MiB"));
      try (BlockingClient client = new BlockingClient(proxy.httpPort(), BlockingClient.buffer())) {
        readOnce("/1g"); // so that the target has it in memory
        transfer(table, "download 1 GiB", proxy, () -> client.get("/1g"));
        transfer(table, "upload 1 GiB", proxy, () -> upload(client, sink));
      } catch (IOException e) {
        throw new BenchmarkException("big: " + e.getMessage(), e);
      } finally {
        proxy.process().ifPresent(site.processes()::stop);
      }
      return "### big: very large bodies, heap of 256 MiB\n\n" + table.print();
    }
  }

  private Proxy start(IntFunction<String> routes) {
    Proxy proxy = new ProxyetcPeer("small heap", routes, HEAP).start(site);
    warmUp.run(proxy, WARM_UP_SECONDS);
    return proxy;
  }

  private static void step(Table table, String step, int connections, Proxy proxy) {
    table.row(
        List.of(
            step,
            "%,d".formatted(connections),
            Report.decimal(proxy.tree().residentBytes() / MIB)));
  }

  private static void transfer(Table table, String step, Proxy proxy, Transfer transfer)
      throws IOException {
    long before = proxy.tree().residentBytes();
    long start = System.nanoTime();
    try (PeakMemory memory = new PeakMemory(proxy.tree())) {
      long bytes = transfer.run();
      if (bytes < GIB) {
        throw new BenchmarkException(step + ": only " + bytes + " bytes came through");
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      table.row(
          List.of(
              step,
              Report.decimal(seconds),
              Report.decimal(memory.peak() / MIB),
              Report.decimal((memory.peak() - before) / MIB)));
    }
  }

  private void readOnce(String path) throws IOException {
    try (BlockingClient direct = new BlockingClient(site.targetPort(), BlockingClient.buffer())) {
      direct.get(path);
    }
  }

  private static long upload(BlockingClient client, Sink sink) throws IOException {
    client.post("/upload", GIB);
    return sink.received();
  }

  private static void closeAll(List<BlockingClient> clients) {
    for (BlockingClient client : clients) {
      try {
        client.close();
      } catch (IOException ignored) {
        // it is gone either way
      }
    }
    clients.clear();
  }

  private static void pause(Duration time) {
    try {
      TimeUnit.MILLISECONDS.sleep(time.toMillis());
    } catch (InterruptedException e) {
      throw Processes.interrupted("pause", e);
    }
  }

  private interface Transfer {

    /** Returns how many bytes came through. */
    long run() throws IOException;
  }
}
