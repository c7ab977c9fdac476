package io.proxyetc;

/**
 * What a route or a group may be called: safe in a URL, a file name, a metric label and an etcd
 * key.
 */
final class Names {
  /** So much of a name that cannot be is shown. */
  private static final int SHOWN = 100;

  private Names() {}

  static void check(String what, String name) {
    boolean ok = !name.isEmpty() && name.length() <= 63 && name.chars().allMatch(Names::allowed);
    if (!ok || name.startsWith(".")) {
      throw new InvalidRouteException(
          "",
          what
              + " '"
              + (name.length() > SHOWN ? name.substring(0, SHOWN) + "…" : name)
              + "': a name has 1 to 63 letters, digits, '-', '_' or '.', and no '.' in front");
    }
  }

  private static boolean allowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.';
  }
}
