package io.proxyetc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The loads of the comparison. */
final class Cases {

  static final int ROUTES = 100_000;

  private static final int CONNECTIONS = 64;
  private static final int LARGE_CONNECTIONS = 8; // few, so that few bodies are cut at the end
  private static final int H2_CONNECTIONS = 16;
  private static final int H2_STREAMS = 16;

  private final Processes processes;
  private final Path directory;

  Cases(Processes processes, Path directory) {
    this.processes = processes;
    this.directory = directory;
  }

  /** Those that every proxy takes part in, in the order of the tables. */
  List<Case> shared() {
    return List.of(
        get("1k", "GET 1 KiB, keep-alive", CONNECTIONS),
        get("64k", "GET 64 KiB, keep-alive", CONNECTIONS),
        get("10m", "GET 10 MiB, keep-alive", LARGE_CONNECTIONS),
        post64k(),
        tls(),
        h2(),
        newconn());
  }

  /** 1 KiB over hosts that are drawn at random. */
  Case routes() {
    String script =
        """
        math.randomseed(7)
        request = function()
          return "GET /1k HTTP/1.1\\r\\nHost: h" .. math.random(0, %d) .. ".example.test\\r\\n\\r\\n"
        end
        """
            .formatted(ROUTES - 1);
    return new Case(
        "routes100k",
        "GET 1 KiB, keep-alive, " + ROUTES + " hosts at random, " + CONNECTIONS + " connections",
        false,
        wrk(CONNECTIONS, false, "/1k", List.of("-s", script("routes.lua", script))),
        Optional.empty());
  }

  private Case get(String size, String title, int connections) {
    String path = "/" + size;
    return new Case(
        size,
        title + ", " + connections + " connections",
        false,
        wrk(connections, false, path, List.of()),
        Optional.of(new FixedRate(connections, path, 0)));
  }

  private Case post64k() {
    String script =
        """
        wrk.method = "POST"
        wrk.body = string.rep("x", %d)
        """
            .formatted(Target.POST_BYTES);
    return new Case(
        "post64k",
        "POST 64 KiB, keep-alive, " + CONNECTIONS + " connections",
        false,
        wrk(CONNECTIONS, false, "/post", List.of("-s", script("post.lua", script))),
        Optional.of(new FixedRate(CONNECTIONS, "/post", Target.POST_BYTES)));
  }

  private Case tls() {
    return new Case(
        "tls",
        "GET 1 KiB over TLS 1.3, keep-alive, " + CONNECTIONS + " connections",
        true,
        wrk(CONNECTIONS, true, "/1k", List.of()),
        Optional.of(new PacedH2load(processes, CONNECTIONS, List.of("--h1"), "/1k", directory)));
  }

  private Case h2() {
    return new Case(
        "h2",
        "GET 1 KiB over HTTP/2 and TLS, "
            + H2_CONNECTIONS
            + " connections of "
            + H2_STREAMS
            + " streams",
        true,
        new H2load(processes, H2_CONNECTIONS, H2_STREAMS, "/1k"),
        Optional.of(
            new PacedH2load(
                processes, H2_CONNECTIONS, List.of("-m" + H2_STREAMS), "/1k", directory)));
  }

  private Case newconn() {
    return new Case(
        "newconn",
        "GET 1 KiB, a new connection for each request, " + CONNECTIONS + " at once",
        false,
        wrk(CONNECTIONS, false, "/1k", List.of("-H", "Connection: close")),
        Optional.empty());
  }

  private Wrk wrk(int connections, boolean tls, String path, List<String> options) {
    return new Wrk(processes, connections, tls, path, options);
  }

  private String script(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text).toString();
    } catch (IOException e) {
      throw new BenchmarkException(name + ": " + e.getMessage(), e);
    }
  }
}
