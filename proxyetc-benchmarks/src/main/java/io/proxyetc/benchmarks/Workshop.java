package io.proxyetc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A temporary directory and the processes that work in it. Both are gone after {@link #close}, and
 * also when the program is ended by SIGINT or SIGTERM.
 */
final class Workshop implements AutoCloseable {

  private final Path directory;
  private final Processes processes;
  private final Thread atExit = new Thread(this::clear, "benchmark-clear");

  private Workshop(Path directory) {
    this.directory = directory;
    this.processes = new Processes(directory);
  }

  static Workshop open() {
    try {
      Workshop workshop = new Workshop(Files.createTempDirectory("proxyetc-benchmark"));
      Runtime.getRuntime().addShutdownHook(workshop.atExit);
      return workshop;
    } catch (IOException e) {
      throw new BenchmarkException("no temporary directory: " + e.getMessage(), e);
    }
  }

  Path directory() {
    return directory;
  }

  Processes processes() {
    return processes;
  }

  @Override
  public void close() {
    clear();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException shuttingDown) {
      // then it runs by itself, and finds nothing left
    }
  }

  private synchronized void clear() {
    processes.close();
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.walk(directory)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new BenchmarkException(directory + ": cannot remove it: " + e.getMessage(), e);
    }
  }
}
