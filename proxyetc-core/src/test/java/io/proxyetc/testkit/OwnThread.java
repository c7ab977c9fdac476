package io.proxyetc.testkit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Runs what goes on beside a test, each on a thread of its own. The JVM's common pool may have one
 * thread only, and what waits there holds up all else, that of other tests included.
 */
public final class OwnThread {
  private static final Executor EACH =
      task -> {
        Thread thread = new Thread(task, "testkit-beside");
        thread.setDaemon(true);
        thread.start();
      };

  private OwnThread() {}

  /** Runs this meanwhile. */
  public static CompletableFuture<Void> run(Runnable work) {
    return CompletableFuture.runAsync(work, EACH);
  }

  /** Gets this meanwhile. */
  public static <T> CompletableFuture<T> get(Supplier<T> work) {
    return CompletableFuture.supplyAsync(work, EACH);
  }
}
