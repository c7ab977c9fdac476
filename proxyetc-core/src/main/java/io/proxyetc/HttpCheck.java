package io.proxyetc;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What an HTTP check may ask and expect; a check of another kind asks and expects none of it. */
final class HttpCheck {
  /** The fields that only an HTTP check has. */
  static final List<String> FIELDS =
      List.of("method", "path", "host", "headers", "statuses", "body");

  private static final int LONGEST_METHOD = 20;
  private static final int LONGEST_PATH = 2_000;
  private static final int LONGEST_HEADERS = 8_000;
  private static final int LONGEST_BODY = 1_000;

  private HttpCheck() {}

  /** What to say where a check of another kind has one of the fields. */
  static InvalidRouteException foreign(HealthCheck.Kind kind, String field) {
    return new InvalidRouteException(
        field,
        "it belongs to a check of type http, and this one is of type "
            + RulesReader.word(kind)
            + "; remove it, or change the type");
  }

  static void method(String method) {
    if (method.isEmpty()
        || method.length() > LONGEST_METHOD
        || !method.chars().allMatch(HeaderRules::isTokenChar)
        || !method.equals(method.toUpperCase(Locale.ROOT))
        || method.equals("CONNECT")) {
      throw new InvalidRouteException(
          "method",
          Quoted.of(method) + " is no method for a check; write GET, HEAD, OPTIONS or POST");
    }
  }

  static void path(String path) {
    if (!path.startsWith("/")
        || path.length() > LONGEST_PATH
        || !path.chars().allMatch(c -> c > 0x20 && c < 0x7f && c != '#')) {
      throw new InvalidRouteException(
          "path",
          Quoted.of(path)
              + " is no path for a check; write one such as /healthz, in "
              + LONGEST_PATH
              + " visible ASCII characters at most");
    }
  }

  static void headers(Map<String, String> headers) {
    Set<String> seen = new HashSet<>();
    int length = 0;
    for (Map.Entry<String, String> field : headers.entrySet()) {
      String name = field.getKey();
      if (name.equalsIgnoreCase("host")) {
        throw new InvalidRouteException("headers." + name, "write it as 'host', beside 'headers'");
      }
      HeaderRules.check("headers", name, field.getValue());
      if (!seen.add(name.toLowerCase(Locale.ROOT))) {
        throw new InvalidRouteException(
            "headers." + name,
            "this header field stands here twice (case does not count); remove one");
      }
      length += name.length() + field.getValue().length();
    }
    if (length > LONGEST_HEADERS) {
      throw new InvalidRouteException(
          "headers",
          length + " characters are too many for a check: write " + LONGEST_HEADERS + " at most");
    }
  }

  static void statuses(List<HealthCheck.Statuses> statuses) {
    if (statuses.isEmpty()) {
      throw new InvalidRouteException(
          "statuses", "no status would be a good one; write [\"200-399\"]");
    }
  }

  static void body(Optional<String> body, String method) {
    if (body.isEmpty()) {
      return;
    }
    int length = body.get().length();
    if (length < 1 || length > LONGEST_BODY) {
      throw new InvalidRouteException(
          "body",
          "a text of "
              + length
              + " characters cannot be looked for: write 1 to "
              + LONGEST_BODY
              + ", or remove it");
    }
    if (method.equals("HEAD")) {
      throw new InvalidRouteException(
          "body", "an answer to HEAD has none: remove it, or write another method");
    }
  }
}
