package io.proxyetc.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A process of the test's own, with what it prints; it ends with the test. */
final class Running implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final StringBuffer out = new StringBuffer();
  private final StringBuffer err = new StringBuffer();
  private final List<Thread> readers = new ArrayList<>();

  private Running(Process process) {
    this.process = process;
    readers.add(reader(process.getInputStream(), out));
    readers.add(reader(process.getErrorStream(), err));
  }

  /**
   * The launcher in a JVM of its own, in a directory, with these arguments. What it leaves is
   * there.
   */
  static Running launcher(Path directory, String... arguments) {
    return launcher(List.of(), directory, arguments);
  }

  /** The same, run by another command. */
  static Running launcher(List<String> by, Path directory, String... arguments) {
    List<String> command = new ArrayList<>(by);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Djava.io.tmpdir=" + directory); // where killed processes leave their files
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add("io.proxyetc.launcher.Main");
    command.addAll(List.of(arguments));
    return start(new ProcessBuilder(command).directory(directory.toFile()));
  }

  static Running start(ProcessBuilder builder) {
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      return new Running(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Thread reader(InputStream in, StringBuffer text) {
    Thread thread =
        new Thread(
            () -> {
              byte[] buffer = new byte[8192];
              try {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                  text.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
                }
              } catch (IOException e) {
                text.append("\n(").append(e).append(")\n");
              }
            });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  long pid() {
    return process.pid();
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  /** Waits until something was printed, to either stream. */
  void awaitPrinted(String text) {
    await(
        "it prints '" + text + "'",
        () -> out.indexOf(text) >= 0 || err.indexOf(text) >= 0 || !process.isAlive());
    if (out.indexOf(text) < 0 && err.indexOf(text) < 0) {
      joinReaders();
    }
    if (out.indexOf(text) < 0 && err.indexOf(text) < 0) {
      throw new AssertionError("ended without '" + text + "':\n" + out + err);
    }
  }

  /** Waits for a condition, and shows what was printed where it does not come. */
  void await(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new AssertionError("not within " + PATIENCE + ": " + what + "\n" + out + err);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  /** The end of the line that begins so. */
  String line(String beginning) {
    awaitPrinted(beginning);
    await("the line '" + beginning + "…' ends", () -> rest(beginning).indexOf('\n') >= 0);
    return rest(beginning).lines().findFirst().orElseThrow();
  }

  private String rest(String beginning) {
    String all = out + "\n" + err;
    return all.substring(all.indexOf(beginning) + beginning.length());
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.toHandle().destroy(); // the process's own method would close the streams too
  }

  /** Sends SIGKILL, and waits for its end. */
  void kill() {
    process.toHandle().destroyForcibly();
    code();
  }

  /** Waits for its end and gives its exit code. */
  int code() {
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new AssertionError("does not end:\n" + out + err);
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    joinReaders();
    return process.exitValue();
  }

  private void joinReaders() {
    try {
      for (Thread reader : readers) {
        reader.join(PATIENCE.toMillis());
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static AssertionError interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AssertionError("interrupted", e);
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
