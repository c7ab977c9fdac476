package io.proxyetc.launcher;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/**
 * One version of the application that the demo puts behind the proxy: on the loopback address, on a
 * free port, until it is closed.
 */
final class SampleApplication implements AutoCloseable {
  private static final int EVENTS = 10;
  private static final int SLOW_SECONDS = 2;

  private final String version;
  private final String page;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool(SampleApplication::thread);
  private final AtomicLong answered = new AtomicLong();

  private SampleApplication(String version, String page, HttpServer server) {
    this.version = version;
    this.page = page;
    this.server = server;
  }

  /**
   * Starts a version of the application.
   *
   * @param version its name, which is a colour too
   */
  static SampleApplication start(String version) {
    try {
      InetSocketAddress address = new InetSocketAddress(loopback(), 0);
      HttpServer server = HttpServer.create(address, 0);
      SampleApplication application = new SampleApplication(version, resource(), server);
      server.setExecutor(application.threads);
      server.createContext("/", counted(application.answered, application::page));
      server.createContext("/version", counted(application.answered, application::version));
      server.createContext("/headers", counted(application.answered, application::headers));
      server.createContext("/echo", counted(application.answered, application::echo));
      server.createContext("/slow", counted(application.answered, application::slow));
      server.createContext("/sse", counted(application.answered, application::events));
      server.start();
      return application;
    } catch (IOException e) {
      throw new LauncherException("the sample application did not start: " + e.getMessage(), e);
    }
  }

  /** 127.0.0.1, whatever the machine calls localhost. */
  static InetAddress loopback() throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
  }

  /** Where it listens, as a target of a route. */
  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** How many requests it got. */
  long answered() {
    return answered.get();
  }

  private void page(HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals("/")) {
      answer(exchange, 404, "text/plain", "there is no such page here; try /\n");
      return;
    }
    String rows =
        fields(exchange).stream()
            .map(
                f ->
                    "<tr><th>"
                        + escape(f.getKey())
                        + "</th><td>"
                        + escape(f.getValue())
                        + "</td></tr>\n")
            .collect(Collectors.joining());
    String filled =
        page.replace("{{version}}", version)
            .replace("{{answered}}", String.valueOf(answered.get()))
            .replace("{{fields}}", rows);
    answer(exchange, 200, "text/html", filled);
  }

  private void version(HttpExchange exchange) throws IOException {
    answer(exchange, 200, "text/plain", version + "\n");
  }

  private void headers(HttpExchange exchange) throws IOException {
    String lines =
        fields(exchange).stream()
            .map(field -> field.getKey() + ": " + field.getValue() + "\n")
            .collect(Collectors.joining());
    answer(exchange, 200, "text/plain", lines);
  }

  /** Gives the body back as it comes. */
  private void echo(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
    exchange.sendResponseHeaders(200, 0);
    try (InputStream in = exchange.getRequestBody();
        OutputStream out = exchange.getResponseBody()) {
      in.transferTo(out);
    }
  }

  private void slow(HttpExchange exchange) throws IOException {
    rest(SLOW_SECONDS);
    answer(exchange, 200, "text/plain", version + ", after " + SLOW_SECONDS + " s\n");
  }

  private void events(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (int i = 1; i <= EVENTS; i++) {
        out.write(
            ("data: event " + i + " of " + version + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
        rest(i < EVENTS ? 1 : 0);
      }
    }
  }

  private static HttpHandler counted(AtomicLong answered, HttpHandler handler) {
    return exchange -> {
      answered.incrementAndGet();
      try (exchange) {
        handler.handle(exchange);
      }
    };
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : bytes.length);
    if (!head) {
      exchange.getResponseBody().write(bytes);
    }
  }

  /** What the application got, in order of name. */
  private static List<Map.Entry<String, String>> fields(HttpExchange exchange) {
    return exchange.getRequestHeaders().entrySet().stream()
        .map(field -> Map.entry(field.getKey(), String.join(", ", field.getValue())))
        .sorted(Map.Entry.comparingByKey())
        .toList();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static void rest(int seconds) throws IOException {
    try {
      TimeUnit.SECONDS.sleep(seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the application ends", e);
    }
  }

  private static String resource() {
    try (InputStream in = SampleApplication.class.getResourceAsStream("demo.html")) {
      if (in == null) {
        throw new IOException("demo.html is missing in this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "demo-application");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
