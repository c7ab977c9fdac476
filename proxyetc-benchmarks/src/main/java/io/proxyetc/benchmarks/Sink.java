package io.proxyetc.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** A target that reads a request's body of any size and answers how many bytes it had. */
final class Sink implements AutoCloseable {

  private static final int BUFFER = 256 * 1024;

  private final HttpServer server;
  private final AtomicLong received = new AtomicLong();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Sink() {
    try {
      server = HttpServer.create(Ports.address(0), 0);
    } catch (IOException e) {
      throw new BenchmarkException("sink: " + e.getMessage(), e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Bytes of all bodies that were read to their end. */
  long received() {
    return received.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long bytes = 0;
    try (InputStream body = exchange.getRequestBody()) {
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        bytes += n;
      }
    }
    received.addAndGet(bytes);
    byte[] count = Long.toString(bytes).getBytes(StandardCharsets.US_ASCII);
    exchange.sendResponseHeaders(200, count.length);
    exchange.getResponseBody().write(count);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
