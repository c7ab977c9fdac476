package io.proxyetc;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * When a route applies. A request is matched by host first (exact, then the longest {@code *.}
 * wildcard, then any), then by the longest path prefix on segment borders; among routes with the
 * same host and path the one that asks for more wins: headers before methods before port, and the
 * route's id decides what is left. Two routes that can never be told apart are refused when they
 * are put.
 *
 * @param hosts lower case, without port or trailing dot; {@code *.example.com} stands for one or
 *     more labels in front; empty: any host
 * @param path a prefix in normal form, starting with {@code /}: {@code /app} matches {@code /app}
 *     and {@code /app/x}, not {@code /apple}
 * @param methods upper case; empty: any
 * @param headers field name in lower case to the exact value, or {@code *} for any value
 * @param port the listener's port; 0: any
 */
public record Match(
    List<String> hosts, String path, Set<String> methods, Map<String, String> headers, int port) {
  /** Any request at all. */
  public static final Match ANY = new Match(List.of(), "/", Set.of(), Map.of(), 0);

  public Match {
    List<String> given = hosts;
    hosts =
        List.copyOf(
            IntStream.range(0, given.size())
                .mapToObj(i -> normalHost("hosts[" + i + "]", given.get(i)))
                .distinct()
                .toList());
    path = normalPath("path", path);
    methods = SmallCopies.sorted(methods);
    for (String method : methods) {
      if (method.isEmpty() || !method.chars().allMatch(HeaderRules::isTokenChar)) {
        throw new InvalidRouteException("methods", "'" + method + "' is no HTTP method");
      }
      if (!method.equals(method.toUpperCase(Locale.ROOT))) {
        throw new InvalidRouteException(
            "methods", "'" + method + "' never matches: methods are written in upper case");
      }
    }
    Map<String, String> lower = new TreeMap<>();
    headers.forEach(
        (name, value) -> {
          if (name.isEmpty() || !name.chars().allMatch(HeaderRules::isTokenChar)) {
            throw new InvalidRouteException("headers", "'" + name + "' is no header field name");
          }
          HeaderRules.checkValue("headers." + name, value);
          lower.put(name.toLowerCase(Locale.ROOT), value.strip());
        });
    headers = SmallCopies.ordered(lower);
    if (port < 0 || port > 65535) {
      throw new InvalidRouteException("port", port + " is not between 0 and 65535");
    }
  }

  private static String normalHost(String where, String host) {
    String h = host.strip().toLowerCase(Locale.ROOT);
    if (h.endsWith(".")) {
      h = h.substring(0, h.length() - 1);
    }
    String name = h.startsWith("*.") ? h.substring(2) : h;
    boolean ipv6 = name.startsWith("[") && name.endsWith("]") && name.length() > 2;
    boolean ok =
        !name.isEmpty()
            && h.length() <= 253
            && (ipv6 ? name.indexOf(':') > 0 : name.chars().allMatch(Match::isHostChar))
            && !name.startsWith(".")
            && !name.contains("..");
    if (!ok) {
      throw new InvalidRouteException(
          where,
          "'"
              + host
              + "' is no host: write a name such as www.example.com, *.example.com or [::1], without scheme or port");
    }
    return h;
  }

  private static boolean isHostChar(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
  }

  /** A path prefix in the normal form of requests; a trailing slash is dropped. */
  static String normalPath(String where, String path) {
    String normal;
    try {
      normal = NormalPath.of(path);
    } catch (IllegalArgumentException e) {
      throw new InvalidRouteException(where, "'" + path + "' is no path: " + e.getMessage());
    }
    if (normal.equals("/")) {
      return "/"; // one constant for most of 100,000 routes
    }
    return normal.endsWith("/") ? normal.substring(0, normal.length() - 1) : normal;
  }
}
