package io.proxyetc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** The flags that a running JVM was given, to run another one alike. */
final class JvmFlags {

  /** Where no launcher runs to copy them from. */
  static final List<String> DEFAULT = List.of("-XX:+UseSerialGC", "-Xmx256m");

  private JvmFlags() {}

  /** Reads the command line of a process. */
  static List<String> of(long pid) {
    try {
      return parse(Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")));
    } catch (IOException e) {
      throw new BenchmarkException("/proc/" + pid + "/cmdline: " + e.getMessage(), e);
    }
  }

  /**
   * Heap, collector and the like, and what tunes XNIO; not what belongs to one program: class data,
   * other properties.
   */
  static List<String> parse(String commandLine) {
    return Arrays.stream(commandLine.split("\0"))
        .filter(argument -> argument.startsWith("-X") || argument.startsWith("-Dxnio."))
        .filter(argument -> !argument.contains("Archive") && !argument.startsWith("-Xshare"))
        .toList();
  }
}
