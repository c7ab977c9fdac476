package io.proxyetc.http2;

import io.proxyetc.testkit.Peers;
import io.proxyetc.testkit.Processes;
import io.proxyetc.testkit.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * The conformance tests of HTTP/2 that servers measure themselves by. The build puts their archive
 * under {@code target/peers}.
 */
final class H2spec {
  /** A test that gets no answer within this fails; all together take two seconds where all pass. */
  private static final int SECONDS_PER_TEST = 3;

  private static final Duration BOUND = Duration.ofMinutes(3);

  private final Path program;

  private H2spec(Path program) {
    this.program = program;
  }

  /**
   * Unpacks the program; skips or fails the test where there is none.
   *
   * @param dir an empty directory
   */
  static H2spec in(Path dir) {
    Processes.run(List.of("tar", "-xzf", archive().toString(), "-C", dir.toString(), "h2spec"), "")
        .requireSuccess();
    return new H2spec(dir.resolve("h2spec"));
  }

  private static Path archive() {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.equals("Linux amd64")) {
      return Peers.missing("this test needs h2spec, which is not there for " + system);
    }
    Path peers = Path.of(System.getProperty("basedir", ""), "target", "peers");
    try (Stream<Path> files = Files.isDirectory(peers) ? Files.walk(peers) : Stream.empty()) {
      return files
          .filter(file -> file.endsWith("h2spec_linux_amd64.tar.gz"))
          .findFirst()
          .orElseGet(
              () ->
                  Peers.missing(
                      "this test needs h2spec in " + peers + ": run mvn test-compile to get it"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs all tests against a TLS listener on loopback, and fails with those that failed. */
  void requireAllPass(int port) {
    Processes.Result result =
        Processes.run(
            BOUND,
            List.of(
                program.toString(),
                "--host=127.0.0.1",
                "--port=" + port,
                "--tls",
                "--insecure",
                "--strict",
                "--timeout=" + SECONDS_PER_TEST),
            "");
    String report = new String(Wire.bytes(result.out()), StandardCharsets.UTF_8);
    if (result.code() != 0 || !report.contains("146 tests, 146 passed")) {
      int failures = Math.max(0, report.indexOf("Failures:"));
      throw new AssertionError("h2spec: " + report.substring(failures) + result.err());
    }
  }
}
