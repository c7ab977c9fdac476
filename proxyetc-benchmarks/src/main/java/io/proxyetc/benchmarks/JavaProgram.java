package io.proxyetc.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A main of this module in a JVM of its own, set up as the launcher sets up its JVM. */
final class JavaProgram {

  private static final Map<String, String> ENVIRONMENT = // as the launcher's
      Map.of("MALLOC_ARENA_MAX", "2");

  private JavaProgram() {}

  /** Starts it; {@code jvmFlags} are those that this project's launcher gives its JVM. */
  static Process start(
      String name, Class<?> main, Site site, List<String> jvmFlags, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(site.java());
    command.addAll(jvmFlags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return site.processes().start(name, command, ENVIRONMENT);
  }
}
