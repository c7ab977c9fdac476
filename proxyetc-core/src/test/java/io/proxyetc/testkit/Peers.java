package io.proxyetc.testkit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Real programs that tests talk to. Where one is missing the test is skipped by name, and {@link
 * SkippedPeers} lists it at the end; with {@code -Dproxyetc.requirePeers=true} it fails instead.
 */
public final class Peers {
  private static final List<String> SYSTEM =
      List.of("/usr/sbin", "/usr/local/sbin", "/sbin", "/usr/bin", "/usr/local/bin");

  private Peers() {}

  /** The program of this name; skips or fails the test where there is none. */
  public static Path require(String program) {
    Optional<Path> found = find(program);
    if (found.isPresent()) {
      return found.get();
    }
    return missing(
        "this test needs "
            + program
            + ", which is not installed here: on Debian or Ubuntu run apt-get install "
            + program);
  }

  /**
   * Skips or fails a test that lacks a program.
   *
   * @param message says which, and how to get it
   */
  public static <T> T missing(String message) {
    if (Boolean.getBoolean("proxyetc.requirePeers")) {
      return Assertions.fail(message);
    }
    return Assumptions.abort(message);
  }

  private static Optional<Path> find(String program) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Stream.of(path.split(java.io.File.pathSeparator)), SYSTEM.stream())
        .filter(dir -> !dir.isEmpty())
        .map(dir -> Path.of(dir, program))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
