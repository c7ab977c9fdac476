package io.proxyetc.internal.assembly;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which {@code apply} completes, and on which what follows it runs. It may block: so
 * they are neither the store's nor those of the JVM's common pool, which may be one for all that
 * runs in the JVM. They come when they are needed, and go after a while, or when the proxy closes
 * and what follows is done.
 *
 * <p>Bounded: whoever wants to be followed enters first, and is sent away where too many wait.
 */
final class Followers implements Executor, AutoCloseable {
  /** So many may block, and others are not held up. */
  private static final int MOST = 16;

  /** So many changes may wait for their store, or for a thread: as many as the stores take. */
  private static final int MOST_WAITING = 16_384;

  private static final long IDLE_SECONDS = 10;

  private final Semaphore places;

  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          MOST,
          MOST,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(), // no longer than there are places
          Followers::thread);

  Followers() {
    this(MOST_WAITING);
  }

  Followers(int places) {
    this.places = new Semaphore(places);
    threads.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "proxyetc-changes");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Takes a place, which {@link #execute} gives back when its task is done; false: none is free.
   */
  boolean enter() {
    return places.tryAcquire();
  }

  /** Gives a place back whose task does not come. */
  void leave() {
    places.release();
  }

  /**
   * Runs a task of whoever has entered, once. A proxy that is closed answers as well: its few
   * threads come once more.
   */
  @Override
  public void execute(Runnable task) {
    threads.execute(
        () -> {
          try {
            task.run();
          } finally {
            leave();
          }
        });
  }

  /** Threads that have nothing to do go at once. Does not wait for the others. */
  @Override
  public void close() {
    threads.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
  }
}
