package io.proxyetc;

import io.proxyetc.spi.Balancer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How the requests of a route are spread over the targets of a group.
 *
 * @param name of a built-in balancer, or of one that was given to {@link
 *     ProxyServer.Builder#balancer}
 * @param by what {@link #CONSISTENT_HASH} hashes; {@link By#CLIENT} for others, whatever they hash
 * @param key the header field (in lower case) or cookie that is hashed; empty for others
 * @param maxLoad how far above the average the requests in flight at one target may be under {@link
 *     #CONSISTENT_HASH}, 1.05 to 100: at 1.25 a target with a fair share of 8 takes 10, and what is
 *     beyond goes to the next one on the ring. 1.25 for others
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

  /** The names of the balancers that the proxy brings along. */
  public static final List<String> BUILT_IN =
      List.of(ROUND_ROBIN, LEAST_REQUESTS, RANDOM, CONSISTENT_HASH);

  private static final double LEAST_LOAD = 1.05;
  private static final double MOST_LOAD = 100;
  private static final int LONGEST_NAME = 255;

  /** Those that say nothing but their name: most of 100,000 routes share them. */
  private static final Map<String, Balancing> PLAIN =
      BUILT_IN.stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  name -> name, name -> new Balancing(name, By.CLIENT, "", DEFAULT_MAX_LOAD)));

  /** Of a route that does not say: weighted round robin. */
  public static final Balancing DEFAULT = of(ROUND_ROBIN);

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
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw new InvalidRouteException(
          "name",
          Quoted.of(name)
              + " is no name of a balancer: write one of "
              + String.join(", ", BUILT_IN)
              + ", or that of your own, of "
              + LONGEST_NAME
              + " characters at most");
    }
    switch (by) {
      case CLIENT, PATH -> key = "";
      case HEADER -> {
        Names.checkToken("header", "a header field", key);
        key = key.toLowerCase(Locale.ROOT);
      }
      case COOKIE -> Names.checkToken("cookie", "a cookie", key);
    }
    if (!name.equals(CONSISTENT_HASH)) {
      if (by != By.CLIENT) {
        throw hashOnly(by == By.PATH ? "by" : by == By.HEADER ? "header" : "cookie");
      }
      if (maxLoad != DEFAULT_MAX_LOAD) {
        throw hashOnly("maxLoad");
      }
    }
    if (!(maxLoad >= LEAST_LOAD && maxLoad <= MOST_LOAD)) {
      throw new InvalidRouteException(
          "maxLoad", maxLoad + " is not between " + LEAST_LOAD + " and " + MOST_LOAD);
    }
  }

  /** What to say of a part that other balancers than {@link #CONSISTENT_HASH} have no use for. */
  static InvalidRouteException hashOnly(String field) {
    return new InvalidRouteException(
        field, "it belongs to the balancer " + CONSISTENT_HASH + "; remove it");
  }

  /** A balancer by name. */
  public static Balancing of(String name) {
    Balancing shared = PLAIN.get(name);
    return shared == null ? new Balancing(name, By.CLIENT, "", DEFAULT_MAX_LOAD) : shared;
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
