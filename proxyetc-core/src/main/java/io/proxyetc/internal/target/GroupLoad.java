package io.proxyetc.internal.target;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many requests are in flight at all targets of a group together. Counted only for groups that
 * need it: a balancer with a bound on the load, or requests that wait for room. Safe for any
 * thread; nothing blocks.
 */
public final class GroupLoad {
  private final AtomicInteger inFlight = new AtomicInteger();

  /** Requests in flight, those whose claim is just being counted aside. */
  public int inFlight() {
    return Math.max(0, inFlight.get()); // one may be released before its claim is counted
  }

  void add(int claims) {
    inFlight.addAndGet(claims);
  }

  void claimed() {
    inFlight.incrementAndGet();
  }

  void released() {
    inFlight.decrementAndGet();
  }
}
