package io.proxyetc.internal.assembly;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of the switches: it comes with the first one, looks at all of them often while some
 * are under way, and otherwise only when there is news.
 */
final class SwitchLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SwitchLoop.class);
  private static final long OFTEN_MILLIS = 100;
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private final Switches switches;

  // Guarded by this:
  private @Nullable Thread thread;
  private boolean woken;
  private boolean closed;

  SwitchLoop(Switches switches) {
    this.switches = switches;
  }

  /** There is something to do. Returns at once. */
  synchronized void wake() {
    woken = true;
    if (thread == null && !closed) {
      Thread made = new Thread(this::run, "proxyetc-switches");
      made.setDaemon(true);
      made.start();
      thread = made;
    }
    notifyAll();
  }

  private void run() {
    boolean often = true;
    while (await(often)) {
      try {
        often = switches.look();
      } catch (RuntimeException | Error e) { // a switch must not be left alone
        LOG.error("switches: a look at them failed; it is tried again", e);
        often = true;
      }
    }
  }

  private synchronized boolean await(boolean often) {
    long begin = System.nanoTime();
    while (!woken && !closed) {
      long left = OFTEN_MILLIS - (System.nanoTime() - begin) / 1_000_000;
      if (often && left <= 0) {
        break;
      }
      try {
        wait(often ? left : 0);
      } catch (InterruptedException e) {
        // Nobody who may interrupts it: it ends by the flag.
      }
    }
    woken = false;
    return !closed;
  }

  @Override
  public void close() {
    Thread last;
    synchronized (this) {
      closed = true;
      last = thread;
      notifyAll();
    }
    if (last != null && last != Thread.currentThread()) {
      try {
        last.join(PATIENCE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
