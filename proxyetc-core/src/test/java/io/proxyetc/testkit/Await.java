package io.proxyetc.testkit;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Bounded waits for conditions. */
public final class Await {
  private Await() {}

  /** Waits until a condition holds; fails the test after {@link Wire#PATIENCE}. */
  public static void until(String what, BooleanSupplier condition) {
    until(() -> what, Wire.PATIENCE, condition);
  }

  /** Waits until a condition holds; fails the test after the given time. */
  public static void until(Supplier<String> what, Duration bound, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > bound.toNanos()) {
        throw new AssertionError("not within " + bound + ": " + what.get());
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** Waits for a future; fails the test after {@link Wire#PATIENCE}. */
  public static <T> T get(String what, CompletableFuture<T> future) {
    try {
      return future.get(Wire.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("not within " + Wire.PATIENCE + ": " + what, e);
    } catch (ExecutionException e) {
      throw new AssertionError(what + ": " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while waiting for " + what, e);
    }
  }
}
