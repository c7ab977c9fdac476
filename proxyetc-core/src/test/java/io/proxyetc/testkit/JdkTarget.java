package io.proxyetc.testkit;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The JDK's own HTTP server as a target. */
public final class JdkTarget implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService executor;

  private JdkTarget(HttpServer server, ExecutorService executor) {
    this.server = server;
    this.executor = executor;
  }

  /** Starts one that hands every request to a handler, many at once. */
  public static JdkTarget start(HttpHandler handler) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 512);
      ExecutorService executor =
          Executors.newCachedThreadPool(
              work -> {
                Thread thread = new Thread(work, "testkit-jdk");
                thread.setDaemon(true);
                return thread;
              });
      server.setExecutor(executor);
      server.createContext("/", handler);
      server.start();
      return new JdkTarget(server, executor);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a JDK server", e);
    }
  }

  /** A handler that answers 200 with a text. */
  public static HttpHandler text(String text) {
    return exchange -> {
      try (exchange) {
        exchange.getRequestBody().readAllBytes();
        byte[] body = Wire.bytes(text);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
    };
  }

  /** The port it listens on. */
  public int port() {
    return server.getAddress().getPort();
  }

  /** Its address as a target's URL. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }
}
