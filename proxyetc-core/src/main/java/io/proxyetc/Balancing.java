package io.proxyetc;

import io.proxyetc.spi.Balancer;
import java.util.List;
import java.util.Locale;

/**
 * How the requests of a route are spread over the targets of a group.
 *
 * @param name of a built-in balancer, or of one that was given to {@link
 *     ProxyServer.Builder#balancer}
 * @param by what {@link #CONSISTENT_HASH} hashes; {@link By#CLIENT} and without meaning for others
 * @param key the header field (in lower case) or cookie that is hashed; empty for others
 * @param maxLoad how far above the average the requests in flight at one target may be under {@link
 *     #CONSISTENT_HASH}, 1.05 to 100: at 1.25 a target with a fair share of 8 takes 10, and what is
 *     beyond goes to the next one on the ring
 */
public record Balancing(String name, By by, String key, double maxLoad) {
  /** Weighted round robin: exact in each cycle. */
  public static final String ROUND_ROBIN = "round-robin";

  /** Of two that are drawn by weight the one with fewer requests in flight per weight. */
  public static final String LEAST_REQUESTS = "least-requests";

  /** Drawn by weight. */
  public static final String RANDOM = "random";

  /** By a hash of something in the request, so that the same goes to the same target. */
  public static final String CONSISTENT_HASH = "consistent-hash";

  /** The {@link #maxLoad} of who does not say. */
  public static final double DEFAULT_MAX_LOAD = 1.25;

  /** Of a route that does not say: weighted round robin. */
  public static final Balancing DEFAULT = of(ROUND_ROBIN);

  /** The names of the balancers that the proxy brings along. */
  public static final List<String> BUILT_IN =
      List.of(ROUND_ROBIN, LEAST_REQUESTS, RANDOM, CONSISTENT_HASH);

  private static final double LEAST_LOAD = 1.05;
  private static final double MOST_LOAD = 100;

  /** What is hashed. */
  public enum By {
    /** The client's address. */
    CLIENT,
    /** The path, without query. */
    PATH,
    /** A header field; the client's address where it is missing. */
    HEADER,
    /** A cookie; the client's address where it is missing. */
    COOKIE
  }

  public Balancing {
    if (name.isBlank()) {
      throw new InvalidRouteException(
          "name", "the balancer's name is empty; write one such as " + ROUND_ROBIN);
    }
    boolean keyed = by == By.HEADER || by == By.COOKIE;
    if (keyed && (key.isEmpty() || !key.chars().allMatch(HeaderRules::isTokenChar))) {
      throw new InvalidRouteException(
          by.name().toLowerCase(Locale.ROOT), "'" + key + "' is no name of a field or cookie");
    }
    key = by == By.HEADER ? key.toLowerCase(Locale.ROOT) : keyed ? key : "";
    if (!(maxLoad >= LEAST_LOAD && maxLoad <= MOST_LOAD)) {
      throw new InvalidRouteException(
          "maxLoad", maxLoad + " is not between " + LEAST_LOAD + " and " + MOST_LOAD);
    }
  }

  /** A balancer by name. */
  public static Balancing of(String name) {
    return new Balancing(name, By.CLIENT, "", DEFAULT_MAX_LOAD);
  }

  /** A consistent hash of the client's address. */
  public static Balancing byClient() {
    return of(CONSISTENT_HASH);
  }

  /** A consistent hash of the path. */
  public static Balancing byPath() {
    return new Balancing(CONSISTENT_HASH, By.PATH, "", DEFAULT_MAX_LOAD);
  }

  /** A consistent hash of a header field. */
  public static Balancing byHeader(String field) {
    return new Balancing(CONSISTENT_HASH, By.HEADER, field, DEFAULT_MAX_LOAD);
  }

  /** A consistent hash of a cookie. */
  public static Balancing byCookie(String cookie) {
    return new Balancing(CONSISTENT_HASH, By.COOKIE, cookie, DEFAULT_MAX_LOAD);
  }

  /** The same with another {@link #maxLoad}. */
  public Balancing withMaxLoad(double newMaxLoad) {
    return new Balancing(name, by, key, newMaxLoad);
  }

  /** Whether this is a balancer that the proxy brings along, and no {@link Balancer} of a user. */
  public static boolean builtIn(String name) {
    return BUILT_IN.contains(name);
  }
}
