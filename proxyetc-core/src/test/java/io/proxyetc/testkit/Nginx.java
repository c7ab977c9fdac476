package io.proxyetc.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real nginx as a target: one process, its own directory, a free port. Files under {@link #root}
 * are served; {@code /echo-headers} answers with some of the request's fields.
 */
public final class Nginx implements AutoCloseable {
  private final Path directory;
  private final int port;
  private final Process process;

  private Nginx(Path directory, int port, Process process) {
    this.directory = directory;
    this.port = port;
    this.process = process;
  }

  /** Starts one; skips or fails the test where nginx is missing. */
  public static Nginx start() {
    Path program = Peers.require("nginx");
    AssertionError last = new AssertionError("nginx did not start");
    // A port that was free may be taken before nginx binds it: then another one is tried.
    for (int attempt = 0; attempt < 5; attempt++) {
      try {
        return start(program);
      } catch (AssertionError e) {
        last = e;
      } catch (IOException e) {
        throw new UncheckedIOException("cannot start nginx", e);
      }
    }
    throw last;
  }

  private static Nginx start(Path program) throws IOException {
    Path directory = Files.createTempDirectory("testkit-nginx");
    Files.createDirectories(directory.resolve("www"));
    Files.createDirectories(directory.resolve("temp"));
    int port = freePort();
    Path config = directory.resolve("nginx.conf");
    Files.writeString(config, configuration(port));
    Process process =
        new ProcessBuilder(
                program.toString(),
                "-p",
                directory.toString(),
                "-c",
                config.toString(),
                "-e",
                "error.log")
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("out.log").toFile())
            .start();
    Nginx nginx = new Nginx(directory, port, process);
    try {
      Await.until("nginx answers on port " + port, () -> !process.isAlive() || nginx.listens());
      if (!process.isAlive()) {
        throw new AssertionError("nginx ended: " + nginx.log());
      }
      return nginx;
    } catch (AssertionError e) {
      nginx.close();
      throw e;
    }
  }

  private static String configuration(int port) {
    String user = System.getProperty("user.name", "").equals("root") ? "user root;\n" : "";
    return user
        + """
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log error.log warn;
        events { worker_connections 512; }
        http {
          access_log off;
          default_type text/plain;
          client_body_temp_path temp/body;
          proxy_temp_path temp/proxy;
          fastcgi_temp_path temp/fastcgi;
          uwsgi_temp_path temp/uwsgi;
          scgi_temp_path temp/scgi;
          client_max_body_size 0;
          keepalive_requests 100000;
          server {
            listen 127.0.0.1:%d;
            root www;
            location = /echo-headers {
              return 200 "host=$http_host xff=$http_x_forwarded_for via=$http_via uri=$request_uri\\n";
            }
            location = /teapot { return 418 "short and stout\\n"; }
          }
        }
        """
            .formatted(port);
  }

  /** The port it listens on. */
  public int port() {
    return port;
  }

  /** Its address as a target's URL. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /** The directory whose files it serves. */
  public Path root() {
    return directory.resolve("www");
  }

  /** Stops the process without ending it: its sockets stay open and nothing answers. */
  public void freeze() {
    signal("STOP");
  }

  /** Lets a frozen process go on. */
  public void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    Processes.run(List.of("kill", "-" + name, Long.toString(process.pid())), "").requireSuccess();
  }

  private boolean listens() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port), 1000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private String log() throws IOException {
    StringBuilder log = new StringBuilder();
    for (String file : List.of("out.log", "error.log")) {
      Path path = directory.resolve(file);
      log.append(Files.exists(path) ? Files.readString(path) : "");
    }
    return log.toString();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      if (!process.waitFor(Wire.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("nginx " + process.pid() + " does not end");
      }
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot clear " + directory, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
