package io.proxyetc.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, bounded in time. */
public final class Processes {
  private Processes() {}

  /**
   * What a program left.
   *
   * @param code its exit code
   * @param out its standard output, as Latin-1
   * @param err its standard error, as Latin-1
   */
  public record Result(int code, String out, String err) {
    /** Fails where the program did. */
    public Result requireSuccess() {
      if (code != 0) {
        throw new AssertionError("exit code " + code + ": " + err + out);
      }
      return this;
    }
  }

  /** Runs one that is done within moments. */
  public static Result run(List<String> command, String input) {
    return run(Wire.PATIENCE.multipliedBy(3), command, input);
  }

  /** Runs one that may take its time, and ends it when that is over. */
  public static Result run(Duration bound, List<String> command, String input) {
    try {
      Process process = new ProcessBuilder(command).start();
      CompletableFuture<String> out = OwnThread.get(() -> readAll(process.getInputStream()));
      CompletableFuture<String> err = OwnThread.get(() -> readAll(process.getErrorStream()));
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(Wire.bytes(input));
      }
      if (!process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("does not end: " + command);
      }
      return new Result(process.exitValue(), Await.get("output", out), Await.get("errors", err));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while running " + command, e);
    }
  }

  private static String readAll(java.io.InputStream in) {
    try {
      return Wire.text(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
