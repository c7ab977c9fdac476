package io.proxyetc;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Changes to the header fields of a request or a response, applied in the order remove, set, add.
 *
 * @param set fields that replace whatever was there
 * @param add fields that are added to whatever is there
 * @param remove field names that are dropped
 */
public record HeaderRules(Map<String, String> set, Map<String, String> add, List<String> remove) {
  /** No change. */
  public static final HeaderRules NONE = new HeaderRules(Map.of(), Map.of(), List.of());

  /**
   * Fields that frame a message or belong to one connection: the proxy owns them (RFC 9110, section
   * 7.6.1).
   */
  private static final Set<String> OWNED =
      Set.of(
          "connection",
          "content-length",
          "host",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  public HeaderRules {
    set = SmallCopies.ordered(set);
    add = SmallCopies.ordered(add);
    remove = List.copyOf(remove);
    set.forEach((name, value) -> check("set", name, value));
    add.forEach((name, value) -> check("add", name, value));
    remove.forEach(name -> check("remove", name, ""));
  }

  /** Whether nothing is changed. */
  public boolean isEmpty() {
    return set.isEmpty() && add.isEmpty() && remove.isEmpty();
  }

  /**
   * @param where the object of which the field is one
   */
  static void check(String where, String name, String value) {
    if (name.isEmpty() || !name.chars().allMatch(HeaderRules::isTokenChar)) {
      throw new InvalidRouteException(where, "'" + name + "' is no header field name");
    }
    if (OWNED.contains(name.toLowerCase(Locale.ROOT))) {
      throw new InvalidRouteException(
          where + "." + name, "this field belongs to the proxy itself and cannot be changed");
    }
    checkValue(where + "." + name, value);
  }

  /** RFC 9110, section 5.5. */
  static void checkValue(String where, String value) {
    if (!value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c != 0x7f && c <= 0xff))) {
      throw new InvalidRouteException(
          where, "the value holds a control character or one beyond Latin-1");
    }
  }

  /** RFC 9110, section 5.6.2. */
  static boolean isTokenChar(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }
}
