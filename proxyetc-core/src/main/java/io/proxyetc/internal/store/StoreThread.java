package io.proxyetc.internal.store;

import io.proxyetc.ProxyException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of a store: started once, joined once. */
final class StoreThread {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(StoreThread.class);

  private final String name;
  private @Nullable Thread thread; // guarded by this

  StoreThread(String name) {
    this.name = name;
  }

  synchronized void start(Runnable work) {
    if (thread != null) {
      throw new ProxyException(name + ": a store is started once; make another one");
    }
    thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits until the thread has ended, unless that is the caller. Gives up after 10 s. */
  void join() {
    @Nullable Thread started;
    synchronized (this) {
      started = thread;
    }
    if (started == null || started == Thread.currentThread()) {
      return;
    }
    try {
      started.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (started.isAlive()) {
      LOG.warn("{} does not end: its listener does not return, or the disk does not answer", name);
    }
  }
}
