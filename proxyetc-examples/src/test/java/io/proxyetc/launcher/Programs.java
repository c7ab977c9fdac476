package io.proxyetc.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Other people's programs that a test needs. */
final class Programs {
  private Programs() {}

  /** Skips the test where one is missing, or fails it with {@code -Dproxyetc.requirePeers=true}. */
  static void require(String... names) {
    List<String> missing = Stream.of(names).filter(name -> !there(name)).toList();
    String message = "this test needs " + String.join(", ", missing) + ": install what is missing";
    if (Boolean.getBoolean("proxyetc.requirePeers")) {
      Assertions.assertEquals(List.of(), missing, message);
    }
    Assumptions.assumeTrue(missing.isEmpty(), message);
  }

  private static boolean there(String name) {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.of(path.split(java.io.File.pathSeparator))
        .filter(dir -> !dir.isEmpty())
        .anyMatch(dir -> Files.isExecutable(Path.of(dir, name)));
  }
}
