package io.proxyetc.internal.http.listen;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many connections all listeners together may have open: at the limit they are paused. Not one
 * socket passes it by itself, which {@link HttpListener} sees to; only where clients come in crowds
 * to several at once, these may take some more before they hear of each other. Any thread.
 */
final class ConnectionLimit {
  /** What lets connections in, or not for a while. */
  interface Gate {
    void pause();

    void open();
  }

  private final int max;
  private final AtomicInteger count = new AtomicInteger();
  private final List<Gate> gates = new CopyOnWriteArrayList<>();
  private boolean full; // and the gates are paused; guarded by this

  ConnectionLimit(int max) {
    this.max = max;
  }

  void govern(Gate gate) {
    gates.add(gate);
  }

  /** Leaves the gates as they are from now on. */
  void leave() {
    gates.clear();
  }

  void take() {
    if (count.incrementAndGet() >= max) {
      regulate();
    }
  }

  void give() {
    if (count.getAndDecrement() >= max) {
      regulate();
    }
  }

  int count() {
    return count.get();
  }

  /**
   * Only at the limit, and one thread after the other, each with the count as it is then: else one
   * that has reached the limit, and is slow, would pause the gates after another has opened them.
   */
  private synchronized void regulate() {
    boolean now = count.get() >= max;
    if (now != full) {
      full = now;
      gates.forEach(now ? Gate::pause : Gate::open);
    }
  }
}
