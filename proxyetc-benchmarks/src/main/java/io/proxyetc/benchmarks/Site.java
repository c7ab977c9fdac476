package io.proxyetc.benchmarks;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What every proxy of a comparison is given.
 *
 * @param directory for configurations and other files; removed at the end
 * @param processes starts and ends them
 * @param targetPort where the target listens
 * @param certificate for https
 * @param accessLog whether each proxy writes one line per request
 * @param repository this project's root directory
 * @param javaHome the JDK that runs the JVM proxies
 */
record Site(
    Path directory,
    Processes processes,
    int targetPort,
    Certificate certificate,
    boolean accessLog,
    Path repository,
    Optional<Path> javaHome) {

  String java() {
    Path home = javaHome.orElseGet(() -> Path.of(System.getProperty("java.home")));
    return home.resolve("bin").resolve("java").toString();
  }
}
