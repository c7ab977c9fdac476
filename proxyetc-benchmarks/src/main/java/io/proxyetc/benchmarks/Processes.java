package io.proxyetc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Starts processes and remembers them, so that {@link #close} ends every one with all that it
 * started: by its own handle, never by name. What a process prints goes to a file in the work
 * directory. Safe to use from several threads.
 */
final class Processes implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final Path logs;
  private final Set<Process> running = ConcurrentHashMap.newKeySet();
  private boolean closed; // guarded by this

  Processes(Path logs) {
    this.logs = logs;
  }

  /** Starts a process that runs until it is stopped; it prints to {@code name.log}. */
  Process start(String name, List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(log(name).toFile());
    builder.environment().putAll(environment);
    try {
      return started(builder);
    } catch (IOException e) {
      throw new BenchmarkException(
          name + ": cannot start '" + command.get(0) + "' (" + e.getMessage() + "); install it", e);
    }
  }

  /** None starts once {@link #close} has begun to end them. */
  private synchronized Process started(ProcessBuilder builder) throws IOException {
    if (closed) {
      throw new CancellationException("the comparison was stopped");
    }
    Process process = builder.start();
    running.add(process);
    return process;
  }

  /** Runs a command to its end and returns what it printed. Blocks for {@code bound} at most. */
  String run(String name, List<String> command, Duration bound) {
    Process process = start(name, command, Map.of());
    try {
      if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new BenchmarkException(name + ": not done after " + bound.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      throw interrupted(name, e);
    } finally {
      stop(process);
    }
    String output = output(name);
    if (process.exitValue() != 0) {
      throw new BenchmarkException(
          name + ": ended with " + process.exitValue() + ":\n" + output.strip());
    }
    return output;
  }

  /** What the last process of that name has printed up to now. */
  String output(String name) {
    try {
      return Files.readString(log(name));
    } catch (IOException e) {
      throw new BenchmarkException(log(name) + ": " + e.getMessage(), e);
    }
  }

  /** Ends a process and its descendants: asks first, then insists. */
  void stop(Process process) {
    List<ProcessHandle> tree =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    process.destroy();
    try {
      process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    tree.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
    running.remove(process);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    List.copyOf(running).forEach(this::stop);
  }

  static BenchmarkException interrupted(String what, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new BenchmarkException(what + ": interrupted", e);
  }

  private Path log(String name) {
    return logs.resolve(name + ".log");
  }
}
