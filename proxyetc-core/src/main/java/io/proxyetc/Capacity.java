package io.proxyetc;

import java.time.Duration;

/**
 * How much a target is asked to do at once, and what becomes of the rest.
 *
 * @param maxRequests in flight to one target, from this proxy for this route; 0: any number
 * @param pending how many requests of a group may wait at most, when all its targets are full; the
 *     next one gets 503 at once. 0: none waits
 * @param pendingTimeout how long one waits at most: then it gets 503
 */
public record Capacity(int maxRequests, int pending, Duration pendingTimeout) {
  /** Any number of requests; where a target has no connection left, 1,000 wait for 5 s. */
  public static final Capacity DEFAULT = new Capacity(0, 1_000, Duration.ofSeconds(5));

  public Capacity {
    Bounds.check("maxRequests", maxRequests, 0, 1_000_000);
    Bounds.check("pending", pending, 0, 100_000);
    Bounds.check(
        "pendingTimeout", pendingTimeout, Duration.ofMillis(100), Duration.ofMinutes(5), false);
  }

  /** So many requests for each target. */
  public static Capacity of(int maxRequests) {
    return new Capacity(maxRequests, DEFAULT.pending, DEFAULT.pendingTimeout);
  }
}
