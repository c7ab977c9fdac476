package io.proxyetc.internal.health;

import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthNotifier;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One notifier with its queue and its thread. */
final class Delivery {
  /** More than this many events nobody reads one by one; the newest tell how things are. */
  static final int CAPACITY = 1_000;

  private static final Logger log = LoggerFactory.getLogger(Delivery.class);
  private static final long AFTER_INTERRUPT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final HealthNotifier notifier;
  private final Thread thread;
  private final Seldom faults = new Seldom(); // of the thread

  /** Guarded by this, as are the counters and the flag. */
  private final ArrayDeque<HealthEvent> queue = new ArrayDeque<>();

  private long dropped;
  private long failed;
  private boolean ending;

  private Delivery(HealthNotifier notifier, int number) {
    this.notifier = notifier;
    this.thread = new Thread(this::run, "proxyetc-events-" + number);
    thread.setDaemon(true);
  }

  static Delivery start(HealthNotifier notifier, int number) {
    Delivery delivery = new Delivery(notifier, number);
    delivery.thread.start();
    return delivery;
  }

  synchronized void offer(HealthEvent event) {
    if (ending) {
      return;
    }
    if (queue.size() == CAPACITY) {
      queue.remove();
      if (dropped++ == 0) {
        log.warn("events: {} does not keep up: the oldest events are dropped from now on", this);
      }
    }
    queue.add(event);
    notifyAll();
  }

  synchronized long dropped() {
    return dropped;
  }

  long failed() {
    long later = undelivered(); // somebody else's code: not under our lock
    synchronized (this) {
      return failed + later;
    }
  }

  private long undelivered() {
    try {
      return notifier.undelivered();
    } catch (Throwable e) {
      log.error("events: {} cannot say how many it did not deliver", this, e);
      return 0;
    }
  }

  /** No further events; the thread ends after those that are queued. */
  synchronized void end() {
    ending = true;
    notifyAll();
  }

  /**
   * Waits until the thread has ended, and interrupts it at the deadline.
   *
   * @param deadline of System.nanoTime
   * @return false where it goes on nevertheless
   */
  boolean awaitEnd(long deadline) {
    if (thread == Thread.currentThread()) {
      return true; // a notifier closes the proxy: the thread ends by itself afterwards
    }
    if (!join(deadline)) {
      synchronized (this) {
        queue.clear();
      }
      thread.interrupt();
      return join(System.nanoTime() + AFTER_INTERRUPT_NANOS);
    }
    return true;
  }

  private boolean join(long deadline) {
    try {
      // A join of 0 ms would wait for ever.
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  private void run() {
    for (HealthEvent event = next(); event != null; event = next()) {
      tell(event);
    }
    try {
      notifier.close();
    } catch (Throwable e) {
      log.error("events: {} failed to close", this, e);
    }
  }

  private synchronized @Nullable HealthEvent next() {
    while (queue.isEmpty() && !ending) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Left behind by a notifier, or the end: the loop tells which.
      }
    }
    return queue.poll();
  }

  private void tell(HealthEvent event) {
    try {
      notifier.notify(event);
    } catch (Throwable e) {
      // Whatever somebody else's code throws: the next event is delivered all the same.
      synchronized (this) {
        failed++;
      }
      long before = faults.occurred(System.nanoTime());
      if (before >= 0) {
        log.error(
            "events: {} failed with {}, and with {} others since it was logged last; logged again"
                + " after a minute at the soonest",
            this,
            event,
            before,
            e);
      }
    }
  }

  @Override
  public String toString() {
    return "notifier " + notifier.getClass().getName();
  }
}
