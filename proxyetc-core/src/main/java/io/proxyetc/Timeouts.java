package io.proxyetc;

import java.time.Duration;

/**
 * How long a request to a target may take. All are measured by a timer of 100 ms steps on monotonic
 * time.
 *
 * @param connect until a new connection to the target stands, TLS included
 * @param response from the last byte of the request until the head of the response
 * @param idle with no byte in either direction while bodies or an upgraded connection are relayed
 * @param total from the first byte of the request to the last of the response; zero: no such limit.
 *     Upgraded connections are exempt
 */
public record Timeouts(Duration connect, Duration response, Duration idle, Duration total) {
  /** 5 s, 60 s, 60 s, none. */
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ZERO);

  public Timeouts {
    check("connect", connect, false);
    check("response", response, false);
    check("idle", idle, false);
    check("total", total, true);
  }

  private static void check(String name, Duration value, boolean zero) {
    boolean tooShort = value.compareTo(Duration.ofMillis(1)) < 0 && !(zero && value.isZero());
    if (tooShort || value.compareTo(Duration.ofDays(1)) > 0) {
      String bounds = zero ? " is neither 0 nor between" : " is not between";
      throw new InvalidRouteException(name, SecondsText.of(value) + bounds + " 1 ms and 1 day");
    }
  }
}
