package io.proxyetc.internal.balance;

/** Finds a cookie in a {@code Cookie} field (RFC 6265, section 4.2.1), without making a String. */
public final class CookieText {
  /** There is no such cookie. */
  public static final long NONE = -1;

  private CookieText() {}

  /**
   * Where the value of the first cookie of this name stands: see {@link #from} and {@link #to}.
   *
   * @return {@link #NONE} if there is none. Names differ by case, and quotes are part of a value
   */
  public static long find(byte[] bytes, int from, int to, String name) {
    for (int at = from; at < to; ) {
      int end = indexOf(';', bytes, at, to);
      int equals = indexOf('=', bytes, at, end);
      if (equals < end && is(name, bytes, at, equals)) {
        return range(bytes, equals + 1, end);
      }
      at = end + 1;
    }
    return NONE;
  }

  /** Where a value begins. */
  public static int from(long found) {
    return (int) (found >>> Integer.SIZE);
  }

  /** Where a value ends. */
  public static int to(long found) {
    return (int) found;
  }

  private static int indexOf(char wanted, byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && bytes[at] != wanted) {
      at++;
    }
    return at;
  }

  private static boolean is(String name, byte[] bytes, int from, int to) {
    int start = afterBlanks(bytes, from, to);
    int length = beforeBlanks(bytes, start, to) - start;
    if (length != name.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[start + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static long range(byte[] bytes, int from, int to) {
    int start = afterBlanks(bytes, from, to);
    return (long) start << Integer.SIZE | beforeBlanks(bytes, start, to);
  }

  private static int afterBlanks(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to && blank(bytes[at])) {
      at++;
    }
    return at;
  }

  private static int beforeBlanks(byte[] bytes, int from, int to) {
    int at = to;
    while (at > from && blank(bytes[at - 1])) {
      at--;
    }
    return at;
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t';
  }
}
