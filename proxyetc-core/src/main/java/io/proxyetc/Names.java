package io.proxyetc;

/**
 * What things may be called. A route or a group: safe in a URL, a file name, a metric label and an
 * etcd key.
 */
final class Names {
  private static final int LONGEST_TOKEN = 255;

  private Names() {}

  /** Gives the name. */
  static String check(String what, String name) {
    boolean ok = !name.isEmpty() && name.length() <= 63 && name.chars().allMatch(Names::allowed);
    if (!ok || name.startsWith(".")) {
      throw new InvalidRouteException(
          "",
          what
              + " "
              + Quoted.of(name)
              + ": a name has 1 to 63 letters, digits, '-', '_' or '.', and no '.' in front");
    }
    return name;
  }

  /** What a header field or a cookie may be called (RFC 9110, section 5.6.2). */
  static void checkToken(String field, String what, String name) {
    if (name.isEmpty()
        || name.length() > LONGEST_TOKEN
        || !name.chars().allMatch(HeaderRules::isTokenChar)) {
      throw new InvalidRouteException(
          field,
          Quoted.of(name)
              + " is no name of "
              + what
              + ": write 1 to "
              + LONGEST_TOKEN
              + " letters, digits and !#$%&'*+-.^_`|~");
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
