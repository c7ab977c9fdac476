package io.proxyetc.internal.target;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for room at the targets of a group, in the order in which they came. Safe for any
 * thread, without a lock; it costs nothing but a read while nobody waits.
 *
 * <pre>{@code
 *           nobody is here
 * join() ------------------> looks for room --leave()--> served, gone, late
 *    \                         ^     | none: stay()          ^
 *     \ others are here        |     v                       |
 *      \--stay()-----------> in the queue -------------------/
 *                       signal()
 * }</pre>
 *
 * <p>Nobody waits while there is room: whoever makes room signals, and that takes the first out of
 * the queue to look for it. A signal that comes while somebody looks, and finds the queue empty, is
 * seen by its number: who found no room goes back only if no signal came since before the look, and
 * else the first one looks again. Whoever leaves signals, too, where there may be room for one
 * more: a newcomer that joined because of the one that leaves has not looked.
 *
 * <p>As long as anybody is here, newcomers do not even look ({@link #awaited}): they join.
 */
public final class PendingQueue {
  /** Whoever waits. */
  public interface Waiter {
    /** There may be room: look for it, soon. Called on any thread; must not block. */
    void wake();
  }

  private final ConcurrentSkipListMap<Long, Place> queued = new ConcurrentSkipListMap<>();
  private final AtomicLong tickets = new AtomicLong();
  private final AtomicInteger here = new AtomicInteger(); // in the queue, or looking for room
  private final AtomicInteger signals = new AtomicInteger();

  /** Whether anybody waits, or was told to look for room and has not yet. */
  public boolean awaited() {
    return here.get() > 0;
  }

  /** How many do. */
  public int size() {
    return here.get();
  }

  /** How many signals there were: to be asked before one looks for room. */
  public int signals() {
    return signals.get();
  }

  /**
   * Takes a place behind all others; {@link Place#leave} must follow, once.
   *
   * @param most how many may be here, this one included
   * @return null: there are as many already
   */
  public @Nullable Place join(Waiter waiter, int most) {
    int before = here.get();
    while (before < most) {
      if (here.compareAndSet(before, before + 1)) {
        return new Place(waiter, tickets.getAndIncrement(), before == 0);
      }
      before = here.get();
    }
    return null;
  }

  /** There may be room for one. */
  public void signal() {
    if (here.get() > 0) {
      signals.incrementAndGet();
      wakeFirst();
    }
  }

  /** There may be room for many, or nothing to wait for any more. */
  public void signalAll() {
    if (here.get() > 0) {
      signals.incrementAndGet();
      for (int n = queued.size(); n > 0; n--) {
        wakeFirst();
      }
    }
  }

  private void wakeFirst() {
    Map.Entry<Long, Place> first = queued.pollFirstEntry();
    if (first != null) {
      first.getValue().waiter.wake();
    }
  }

  /** A place in the queue. Only for one thread at a time. */
  public final class Place {
    private final Waiter waiter;
    private final long ticket;
    private final boolean first;

    private Place(Waiter waiter, long ticket, boolean first) {
      this.waiter = waiter;
      this.ticket = ticket;
      this.first = first;
    }

    /** Whether nobody was here: then it has to look for room once more, as nobody else does. */
    public boolean first() {
      return first;
    }

    /**
     * There was no room: waits on, where it was.
     *
     * @param seen the signals before it looked for room, or before it joined
     */
    public void stay(int seen) {
      queued.put(ticket, this);
      if (signals.get() != seen) {
        wakeFirst();
      }
    }

    /**
     * Waits no longer: it has room, or has given up.
     *
     * @param more whether there may be room for another one; asked only where others are here
     */
    public void leave(BooleanSupplier more) {
      try {
        queued.remove(ticket, this);
      } finally {
        // Whatever happens: who joined because of this one has not looked, and relies on it.
        if (here.decrementAndGet() > 0 && more.getAsBoolean()) {
          signal();
        }
      }
    }
  }
}
