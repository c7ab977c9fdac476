package io.proxyetc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Where the figures come from: processor, kernel, versions. */
final class Machine {

  private final Processes processes;

  Machine(Processes processes) {
    this.processes = processes;
  }

  static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }

  /** Markdown list items, one for each thing that matters. */
  String describe(String java) {
    return String.join(
        "\n",
        "- machine: " + cores() + " cores, " + model() + ", " + memory() + " of memory",
        "- kernel: " + System.getProperty("os.name") + " " + System.getProperty("os.version"),
        "- java: " + version(List.of(java, "-version"), 2),
        "- nginx: " + version(List.of("nginx", "-v"), 1).replace("nginx version: ", ""),
        "- haproxy: "
            + version(List.of("haproxy", "-v"), 1).replaceAll("HAProxy version | - https.*", ""),
        "- h2load: " + version(List.of("h2load", "--version"), 1).replace("h2load ", ""));
  }

  private String version(List<String> command, int lines) {
    try {
      return String.join(
          "; ",
          processes.run("version", command, Duration.ofSeconds(10)).lines().limit(lines).toList());
    } catch (BenchmarkException e) {
      return "absent";
    }
  }

  private static String model() {
    return field("/proc/cpuinfo", "model name");
  }

  private static String memory() {
    String kib = field("/proc/meminfo", "MemTotal").replaceAll("\\D+", "");
    return kib.isEmpty() ? "unknown" : Long.parseLong(kib) / (1024 * 1024) + " GiB";
  }

  private static String field(String file, String name) {
    try {
      return Files.readString(Path.of(file))
          .lines()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
