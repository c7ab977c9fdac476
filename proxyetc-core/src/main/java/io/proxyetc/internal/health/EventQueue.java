package io.proxyetc.internal.health;

import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthNotifier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings events to notifiers: each has a bounded queue and a thread of its own, so that one that is
 * slow or broken holds up neither the proxy nor the others. Safe for any thread.
 */
public final class EventQueue implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventQueue.class);
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private boolean closed;

  /** Starts a thread for each notifier. */
  public EventQueue(List<HealthNotifier> notifiers) {
    notifiers.forEach(this::add);
  }

  /** A further notifier, which hears of what happens from now on. */
  public synchronized void add(HealthNotifier notifier) {
    if (closed) {
      throw new IllegalStateException("events: the proxy is closed: register notifiers before");
    }
    deliveries.add(Delivery.start(notifier, deliveries.size() + 1));
  }

  /** Queues an event for every notifier. Never blocks. */
  public void publish(HealthEvent event) {
    for (Delivery delivery : deliveries) {
      delivery.offer(event);
    }
  }

  /** Events that were dropped since a notifier did not keep up. */
  public long dropped() {
    return deliveries.stream().mapToLong(Delivery::dropped).sum();
  }

  /** Events during which a notifier threw. */
  public long failed() {
    return deliveries.stream().mapToLong(Delivery::failed).sum();
  }

  /**
   * Delivers what is queued, for up to two seconds in all, then interrupts. Each notifier is closed
   * by its own thread, after its last event. Idempotent.
   */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    deliveries.forEach(Delivery::end);
    long deadline = System.nanoTime() + LAST_WORDS.toNanos();
    for (Delivery delivery : deliveries) {
      if (!delivery.awaitEnd(deadline)) {
        log.warn("events: {} does not end: what it had queued is lost", delivery);
      }
    }
  }
}
