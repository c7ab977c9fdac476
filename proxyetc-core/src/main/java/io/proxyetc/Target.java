package io.proxyetc;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * One server address with a weight. Two targets are the same server when {@link #address()} is
 * equal.
 *
 * @param id unique within its group; by default the canonical URL
 * @param url {@code http://host[:port]} or {@code https://host[:port]}, canonical: lower case, port
 *     always present, no path. An IPv6 literal stands in brackets
 * @param weight 0 to 1000 (0: gets no new traffic)
 * @param state whether its operator wants it to get traffic
 */
public record Target(String id, String url, int weight, State state) {
  /** What an operator wants of a target: it stays so until somebody changes the route. */
  public enum State {
    /** It gets traffic. */
    READY,
    /**
     * It gets no new clients; sticky ones and requests in flight may go on until the deadline of
     * the route's {@link Drain}.
     */
    DRAIN,
    /** It gets nothing; requests in flight are cut. */
    DISABLED
  }

  /** The largest weight. */
  public static final int MAX_WEIGHT = 1000;

  public Target {
    url = canonical(url);
    if (id.isEmpty()) {
      id = url;
    }
    if (id.length() > 255 || !id.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      throw new InvalidRouteException(
          "id", Quoted.of(id) + " is no target id: use 1 to 255 visible ASCII characters");
    }
    if (weight < 0 || weight > MAX_WEIGHT) {
      throw new InvalidRouteException("weight", weight + " is not between 0 and " + MAX_WEIGHT);
    }
  }

  /** A target of weight 1 whose id is its canonical URL. */
  public static Target of(String url) {
    return new Target("", url, 1, State.READY);
  }

  /** The same target with another weight. */
  public Target withWeight(int newWeight) {
    return new Target(id, url, newWeight, state);
  }

  /** The same target under an id of its own. */
  public Target withId(String newId) {
    return new Target(newId, url, weight, state);
  }

  /** The same target in another state. */
  public Target withState(State newState) {
    return new Target(id, url, weight, newState);
  }

  /** Whether requests go to this target over TLS. */
  public boolean secure() {
    return url.startsWith("https:");
  }

  /** Host name or IP literal (without brackets), in lower case. */
  public String host() {
    int start = url.indexOf("//") + 2;
    String host = url.substring(start, url.lastIndexOf(':'));
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** The port, 1 to 65535. */
  public int port() {
    return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
  }

  /** {@code host:port}: an IPv6 literal in brackets. */
  public String address() {
    return url.substring(url.indexOf("//") + 2);
  }

  private static String canonical(String url) {
    URI uri;
    try {
      uri = new URI(url.strip());
    } catch (URISyntaxException e) {
      throw noAddress(url);
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    String host = uri.getHost();
    if (host == null || !(scheme.equals("http") || scheme.equals("https"))) {
      throw noAddress(url);
    }
    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw new InvalidRouteException(
          "url",
          Quoted.of(url) + " may hold neither user, query nor fragment: write scheme://host:port");
    }
    if (!(uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))) {
      throw new InvalidRouteException(
          "url", Quoted.of(url) + " may not hold a path: the route's rewrite changes paths");
    }
    int port = uri.getPort() == -1 ? (scheme.equals("https") ? 443 : 80) : uri.getPort();
    if (port < 1 || port > 65535) {
      throw new InvalidRouteException(
          "url", Quoted.of(url) + ": port " + port + " is not between 1 and 65535");
    }
    return scheme + "://" + host.toLowerCase(Locale.ROOT) + ":" + port;
  }

  private static InvalidRouteException noAddress(String url) {
    return new InvalidRouteException(
        "url",
        Quoted.of(url)
            + " is no http or https address: write http://host:port or https://host:port");
  }
}
