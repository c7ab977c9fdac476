package io.proxyetc.launcher;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A process of the demo that serves one version of the sample application: one that can be killed.
 * It ends with the demo, however that ends: by the end of its standard input.
 */
final class SampleServer implements AutoCloseable {
  private final String name;
  private final Process process;
  private final String url;

  private SampleServer(String name, Process process, String url) {
    this.name = name;
    this.process = process;
    this.url = url;
  }

  /** Begins to start one; {@link Starting#await} gives it. */
  static Starting start(String version, int number) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx32m",
            "-Xss512k",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dsun.net.httpserver.nodelay=true", // it writes head and body apart
            "-cp",
            System.getProperty("java.class.path"),
            SampleServer.class.getName(),
            version);
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      return new Starting(version + "-" + number, process);
    } catch (IOException e) {
      throw new LauncherException("a sample server did not start: " + e.getMessage(), e);
    }
  }

  /** One whose address is not known yet. */
  record Starting(String name, Process process) {
    /** Waits until it serves. */
    SampleServer await() {
      try {
        BufferedReader out =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String url = out.readLine();
        if (url != null) {
          return new SampleServer(name, process, url);
        }
      } catch (IOException e) {
        throw new LauncherException("a sample server did not start: " + e.getMessage(), e);
      }
      throw new LauncherException(
          "a sample server did not start: it ended at once", new EOFException("no address"));
    }
  }

  /** The process itself. */
  public static void main(String... arguments) throws IOException {
    try (SampleApplication application = SampleApplication.start(arguments[0])) {
      System.out.println(application.url());
      while (System.in.read() >= 0) {
        // whoever started it is still there
      }
    }
    System.exit(0);
  }

  /** Such as {@code blue-1}. */
  String name() {
    return name;
  }

  /** Where it serves, as a target of a route. */
  String url() {
    return url;
  }

  /** The number of its process. */
  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
  }
}
