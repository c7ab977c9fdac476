package io.proxyetc;

import java.time.Duration;
import java.util.Locale;

/**
 * How many requests one client may make: a token bucket for each. What is beyond gets 429 with
 * Retry-After.
 *
 * @param requests so many in each {@link #per}
 * @param per the time that they are counted in
 * @param burst how many may come at once
 * @param header whose value tells clients apart, in lower case; empty: their address. Requests
 *     without it are told apart by their address
 */
public record RateLimit(int requests, Duration per, int burst, String header) {
  /** The {@link #per} of who does not say. */
  static final Duration SECOND = Duration.ofSeconds(1);

  public RateLimit {
    Bounds.check("requests", requests, 1, 1_000_000);
    Bounds.check("per", per, SECOND, Duration.ofDays(1), false);
    Bounds.check("burst", burst, 1, 1_000_000);
    if (!header.isEmpty()) {
      Names.checkToken("header", "a header field", header);
    }
    header = header.toLowerCase(Locale.ROOT);
  }

  /** So many a second for each client address, and as many at once. */
  public static RateLimit perSecond(int requests) {
    return new RateLimit(requests, SECOND, requests, "");
  }
}
