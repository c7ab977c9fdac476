package io.proxyetc.internal.assembly;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which {@code apply} completes, and on which what follows it runs. It may block: so
 * they are neither the store's nor those of the JVM's common pool, which may be one for all that
 * runs in the JVM. They come when they are needed, and go after a while, or when the proxy closes
 * and what follows is done.
 */
final class Followers implements Executor, AutoCloseable {
  /** So many may block, and others are not held up. */
  private static final int MOST = 16;

  private static final long IDLE_SECONDS = 10;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          MOST,
          MOST,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Followers::thread,
          (late, closed) -> thread(late).start()); // who asks a closed proxy is answered as well

  Followers() {
    threads.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "proxyetc-changes");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  /** What was given before runs all the same. Does not wait for it. */
  @Override
  public void close() {
    threads.shutdown();
  }
}
