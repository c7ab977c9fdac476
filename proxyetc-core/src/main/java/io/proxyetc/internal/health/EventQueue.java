package io.proxyetc.internal.health;

import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthNotifier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings events to notifiers: each has a bounded queue and a thread of its own, so that one that is
 * slow or broken holds up neither the proxy nor the others. What comes in is what somebody saw;
 * what goes out is what {@link Edges} finds worth telling. Safe for any thread.
 */
public final class EventQueue implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventQueue.class);
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  private static final int SUBJECTS = 10_000;

  private final List<Delivery> deliveries = new CopyOnWriteArrayList<>();
  private final LongSupplier nanos;

  /** Guarded by itself, so that all notifiers hear of one subject in the order of its states. */
  private final Edges edges;

  /** Guarded by this, as is the flag. Made when something flaps, which may be never. */
  private @Nullable ScheduledThreadPoolExecutor timer;

  private boolean closed;

  /** Starts a thread for each notifier. */
  public EventQueue(List<HealthNotifier> notifiers) {
    this(notifiers, Damping.STANDARD, System::nanoTime);
  }

  /**
   * The same for tests.
   *
   * @param nanos a monotonic clock
   */
  EventQueue(List<HealthNotifier> notifiers, Damping damping, LongSupplier nanos) {
    this.nanos = nanos;
    this.edges = new Edges(damping, SUBJECTS);
    notifiers.forEach(this::add);
  }

  /** A further notifier, which hears of what happens from now on. */
  public synchronized void add(HealthNotifier notifier) {
    if (closed) {
      throw new IllegalStateException("events: the proxy is closed: register notifiers before");
    }
    deliveries.add(Delivery.start(notifier, deliveries.size() + 1));
  }

  /**
   * Queues an event for every notifier, unless it says what was told already. Never blocks.
   *
   * <p>Whoever publishes need not know what was told before; he may publish the state that he sees.
   */
  public void publish(HealthEvent event) {
    Optional<Long> wait;
    synchronized (edges) {
      long now = nanos.getAsLong();
      edges.accept(event, now).ifPresent(this::offer);
      wait = event.kind().state().isEmpty() ? Optional.empty() : edges.untilSettled(now);
    }
    wait.ifPresent(this::settleIn);
  }

  private void offer(HealthEvent event) {
    for (Delivery delivery : deliveries) {
      delivery.offer(event);
    }
  }

  private void settle() {
    Optional<Long> wait;
    synchronized (edges) {
      edges.settled(nanos.getAsLong()).forEach(this::offer);
      wait = edges.untilSettled(nanos.getAsLong());
    }
    wait.ifPresent(this::settleIn);
  }

  /** One task waits at a time: it comes too early rather than too late, and looks again. */
  private synchronized void settleIn(long delay) {
    if (closed) {
      return;
    }
    if (timer == null) {
      timer = new ScheduledThreadPoolExecutor(1, EventQueue::timerThread);
    }
    if (timer.getQueue().isEmpty()) {
      timer.schedule(this::settle, delay, TimeUnit.NANOSECONDS);
    }
  }

  private static Thread timerThread(Runnable task) {
    Thread thread = new Thread(task, "proxyetc-events-timer");
    thread.setDaemon(true);
    return thread;
  }

  /** Events that were dropped since a notifier did not keep up. */
  public long dropped() {
    return deliveries.stream().mapToLong(Delivery::dropped).sum();
  }

  /** Events that a notifier could not tell: it threw, or gave up later. */
  public long failed() {
    return deliveries.stream().mapToLong(Delivery::failed).sum();
  }

  /**
   * Delivers what is queued, for up to five seconds in all, then interrupts. Each notifier is
   * closed by its own thread, after its last event. Idempotent.
   */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (timer != null) {
        timer.shutdownNow();
      }
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
