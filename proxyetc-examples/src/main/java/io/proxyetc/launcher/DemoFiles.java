package io.proxyetc.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The directory of a demo, which goes with it. */
final class DemoFiles {
  private final Path directory;

  private DemoFiles(Path directory) {
    this.directory = directory;
  }

  static DemoFiles create() {
    try {
      return new DemoFiles(Files.createTempDirectory("proxyetc-demo-"));
    } catch (IOException e) {
      throw new LauncherException("no directory for temporary files can be made: " + e, e);
    }
  }

  /** Writes the routes of the demo: one route with two groups, of which blue is active. */
  Path writeRoutes(List<SampleServer> blue, List<SampleServer> green) {
    String text =
        """
        {
          "routes": [
            {
              "id": "demo",
              "groups": {
                "blue": {"targets": [%s]},
                "green": {"targets": [%s]}
              },
              "health": {"check": {"path": "/version", "interval": 1}},
              "active": "blue"
            }
          ]
        }
        """
            .formatted(targets(blue), targets(green));
    try {
      return Files.writeString(directory.resolve("routes.json"), text);
    } catch (IOException e) {
      throw new LauncherException("the routes of the demo cannot be written: " + e, e);
    }
  }

  private static String targets(List<SampleServer> servers) {
    return servers.stream()
        .map(server -> "{\"id\": \"%s\", \"url\": \"%s\"}".formatted(server.name(), server.url()))
        .collect(Collectors.joining(", "));
  }

  /** Deletes all that is there. */
  void delete() {
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : all) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("proxyetc: " + directory + " could not be deleted: " + e);
    }
  }
}
