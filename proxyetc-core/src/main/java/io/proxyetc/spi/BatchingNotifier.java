package io.proxyetc.spi;

import java.util.ArrayDeque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells events together: fifty targets that die in one second make one message. What cannot be sent
 * is sent again, later and later; what happens meanwhile waits, as far as there is room, and goes
 * with the next batch.
 *
 * <pre>{@code
 * waiting --event--> collecting --quiet, or long enough--> sending --sent, refused, or too often--> waiting
 *                                                           ^    | failed
 *                                                           +----+ after a pause
 * }</pre>
 *
 * <p>For whoever writes a notifier; {@link Sender} is what is left to write. A thread of its own,
 * which is started with the first event, calls it. Safe for any thread.
 */
public final class BatchingNotifier implements HealthNotifier {
  private static final Logger log = LoggerFactory.getLogger(BatchingNotifier.class);
  private static final long AFTER_INTERRUPT_MILLIS = 200;

  /** Sends a batch: one call at a time, always on the same thread. */
  @FunctionalInterface
  public interface Sender extends AutoCloseable {
    /**
     * Sends it, and waits until it is known to have arrived. May block, for a bounded time.
     *
     * @throws BatchRefusedException where another attempt would fail as well
     * @throws Exception where another attempt may succeed; its message is logged, so it must hold
     *     no secret
     */
    void send(HealthBatch batch) throws Exception;

    /** Frees what it holds; called once, after the last batch. */
    @Override
    default void close() {}
  }

  private final String name;
  private final Batching batching;
  private final Sender sender;

  /** Guarded by this, as is all that follows. */
  private final ArrayDeque<HealthEvent> pending = new ArrayDeque<>();

  private @Nullable Thread thread;
  private long firstAt;
  private long lastAt;

  /** Not in any batch that arrived, and not told of yet. */
  private long more;

  private long undelivered;
  private boolean ending;

  /**
   * Starts nothing yet.
   *
   * @param name of the whole notifier, for the log, such as {@code mail to ops@example.org}
   */
  public BatchingNotifier(String name, Batching batching, Sender sender) {
    this.name = name;
    this.batching = batching;
    this.sender = sender;
  }

  /** Takes an event into the next batch. Does not block. */
  @Override
  public synchronized void notify(HealthEvent event) {
    if (ending) {
      undelivered++;
      return;
    }
    lastAt = System.nanoTime();
    if (pending.isEmpty()) {
      firstAt = lastAt;
    }
    if (pending.size() == batching.most()) {
      pending.remove();
      more++;
      undelivered++;
    }
    pending.add(event);
    if (thread == null) {
      thread = new Thread(this::run, "proxyetc-alerts");
      thread.setDaemon(true);
      thread.start();
    }
    notifyAll();
  }

  @Override
  public synchronized long undelivered() {
    return undelivered;
  }

  /**
   * Sends what waits, at once and with one attempt more, and ends. Waits for that for as long as
   * {@link Batching#lastWords} says. Idempotent.
   */
  @Override
  public void close() {
    Thread running;
    boolean first;
    synchronized (this) {
      first = !ending;
      ending = true;
      running = thread;
      notifyAll();
    }
    if (running == null) {
      if (first) {
        closeSender();
      }
      return;
    }
    try {
      running.join(Math.max(1, batching.lastWords().toMillis()));
      if (running.isAlive()) {
        running.interrupt();
        running.join(AFTER_INTERRUPT_MILLIS);
      }
    } catch (InterruptedException e) {
      running.interrupt();
      Thread.currentThread().interrupt();
    }
    if (running.isAlive()) {
      log.warn("{}: does not end in time: what it had to tell may be lost", name);
    }
  }

  private void run() {
    try {
      for (HealthBatch batch = next(); batch != null; batch = next()) {
        deliver(batch);
      }
    } catch (InterruptedException e) {
      lost(pendingNow(), "the proxy is closed");
    }
    closeSender();
  }

  /** The next batch, when it is time for it; null at the end. */
  private synchronized @Nullable HealthBatch next() throws InterruptedException {
    while (pending.isEmpty()) {
      if (ending) {
        return null;
      }
      wait();
    }
    for (long left = untilDue(); left > 0 && !ending; left = untilDue()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    HealthBatch batch = new HealthBatch(UUID.randomUUID().toString(), List.copyOf(pending), more);
    pending.clear();
    more = 0;
    return batch;
  }

  private long untilDue() {
    long now = System.nanoTime();
    return Math.min(
        lastAt + batching.quiet().toNanos() - now, firstAt + batching.longest().toNanos() - now);
  }

  private void deliver(HealthBatch batch) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      boolean last = attempt == batching.attempts() || closing();
      try {
        sender.send(batch);
        return;
      } catch (BatchRefusedException e) {
        lost(batch, reason(e));
        return;
      } catch (InterruptedException e) {
        lost(batch, "the proxy is closed");
        throw e;
      } catch (Throwable e) { // whatever somebody else's code throws
        if (last) {
          lost(batch, reason(e));
          return;
        }
        pause(attempt, e);
      }
    }
  }

  private synchronized void pause(int failed, Throwable fault) throws InterruptedException {
    long pause = batching.pauseAfter(failed).toNanos();
    if (failed == 1) {
      log.warn("{}: failed, and is tried again: {}", name, reason(fault));
    } else {
      log.debug("{}: failed {} times: {}", name, failed, reason(fault));
    }
    long until = System.nanoTime() + pause;
    for (long left = pause; left > 0 && !ending; left = until - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  private synchronized boolean closing() {
    return ending;
  }

  private synchronized HealthBatch pendingNow() {
    return new HealthBatch("", List.copyOf(pending), more);
  }

  /** The next batch tells how many there were. */
  private void lost(HealthBatch batch, String reason) {
    int size = batch.events().size();
    synchronized (this) {
      undelivered += size;
      more += size + batch.more();
    }
    if (size > 0) {
      log.error("{}: {} could not be told: {}", name, events(size), reason);
    }
  }

  private static String events(int size) {
    return size == 1 ? "1 event" : size + " events";
  }

  private void closeSender() {
    try {
      sender.close();
    } catch (Throwable e) {
      log.warn("{}: failed to close", name, e);
    }
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getName() : message;
  }

  @Override
  public String toString() {
    return name;
  }
}
