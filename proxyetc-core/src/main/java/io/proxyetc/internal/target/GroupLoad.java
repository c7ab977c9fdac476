package io.proxyetc.internal.target;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests are in flight at all targets of a group together. Counted only for groups that
 * need it: a balancer with a bound on the load, or requests that wait for room. Safe for any
 * thread; nothing blocks.
 */
public final class GroupLoad {
  private final AtomicInteger inFlight = new AtomicInteger();
  private final PendingQueue pending = new PendingQueue();

  /** Whether a target may have too many requests. Stays so: the end of one is only told in vain. */
  private volatile boolean limited;

  /** Requests in flight, those whose claim is just being counted aside. */
  public int inFlight() {
    return Math.max(0, inFlight.get()); // one may be released before its claim is counted
  }

  /** Who waits for room at these targets. */
  public PendingQueue pending() {
    return pending;
  }

  /** A target has room again when a request of it ends. */
  public void limited() {
    limited = true;
  }

  void add(int claims) {
    inFlight.addAndGet(claims);
  }

  void claimed() {
    inFlight.incrementAndGet();
  }

  /**
   * @param room whether this makes room for another request
   */
  void released(boolean room) {
    inFlight.decrementAndGet();
    if (room && limited) {
      pending.signal();
    }
  }
}
