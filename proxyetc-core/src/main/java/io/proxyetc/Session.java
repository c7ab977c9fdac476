package io.proxyetc;

import java.time.Duration;

/**
 * Sticky sessions: a cookie keeps a client at its target. The cookie holds a keyed hash of route,
 * group and target, never an address, and one that nobody gave is ignored. It is {@code HttpOnly}
 * and {@code SameSite=Lax}, and {@code Secure} where the client came by https.
 *
 * @param cookie its name; empty: {@code proxyetc-} and the route's id
 * @param path its Path
 * @param lifetime how long a browser keeps it; zero: until it is closed
 */
public record Session(String cookie, String path, Duration lifetime) {
  /** A cookie named after the route, for all paths, until the browser is closed. */
  public static final Session STICKY = new Session("", "/", Duration.ZERO);

  private static final int LONGEST_PATH = 1_000;

  public Session {
    if (!cookie.isEmpty()) {
      Names.checkToken("cookie", "a cookie", cookie);
    }
    if (!path.startsWith("/")
        || path.length() > LONGEST_PATH
        || !path.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != ';')) {
      throw new InvalidRouteException(
          "path",
          Quoted.of(path)
              + " is no path of a cookie: write / or one such as /app, in "
              + LONGEST_PATH
              + " visible ASCII characters at most and without ';'");
    }
    Bounds.check("lifetime", lifetime, Duration.ofSeconds(1), Duration.ofDays(400), true);
  }

  /** What the cookie of a route is called. */
  public String cookieOf(String routeId) {
    return cookie.isEmpty() ? "proxyetc-" + routeId : cookie;
  }
}
