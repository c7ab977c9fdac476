package io.proxyetc;

import java.nio.charset.StandardCharsets;

/**
 * The one normal form of a path: dot segments resolved, unreserved characters decoded, {@code %2F}
 * and {@code %5C} left encoded, hex digits in upper case (RFC 3986, section 6.2.2). A route's path
 * is written in it and a request's path is brought into it once, so that matching, rules and the
 * target all see the same one.
 */
public final class NormalPath {
  private static final int NO_SLASH = -1;
  private static final int BROKEN_PERCENT = -2;
  private static final int ZERO = -3;
  private static final int CONTROL = -4;
  private static final int QUERY = -5;
  private static final int DOT_PARAMETER = -6;

  /** Whether a byte may stand unencoded in a path: pchar and the slash (RFC 3986, section 3.3). */
  private static final boolean[] PLAIN = new boolean[128];

  private static final boolean[] UNRESERVED = new boolean[128];
  private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  static {
    for (int c = 0x21; c < 0x7f; c++) {
      boolean alphanumeric = Character.isLetterOrDigit(c);
      UNRESERVED[c] = alphanumeric || "-._~".indexOf(c) >= 0;
      PLAIN[c] = UNRESERVED[c] || "/!$&'()*+,;=:@".indexOf(c) >= 0;
    }
  }

  private NormalPath() {}

  /**
   * The normal form of a path.
   *
   * @throws IllegalArgumentException for what is no absolute path: no leading slash, a broken or a
   *     zero percent-encoding, a blank or a control character, a query
   */
  public static String of(String path) {
    byte[] in = path.getBytes(StandardCharsets.UTF_8);
    byte[] out = new byte[in.length * 3];
    int n = normalize(in, 0, in.length, out);
    if (n < 0) {
      throw new IllegalArgumentException(fault(n));
    }
    return new String(out, 0, n, StandardCharsets.US_ASCII);
  }

  /**
   * Writes the normal form of {@code in[from, to)} to the start of {@code out}, which must be three
   * times as long. Allocates nothing.
   *
   * @return the length of the normal form, or a negative code for {@link #fault}
   */
  public static int normalize(byte[] in, int from, int to, byte[] out) {
    if (from == to || in[from] != '/') {
      return NO_SLASH;
    }
    int n = 0;
    int segment = 0; // where the current segment starts in out: just behind its slash
    for (int i = from; i < to; i++) {
      int c = in[i];
      if (c == '/') {
        int end = i == from ? 0 : endSegment(out, segment, n);
        if (end < 0) {
          return end;
        }
        if (end == n) {
          out[n++] = '/';
        } else {
          n = end; // a dot segment went, and the slash in front of it serves for this one
        }
        segment = n;
      } else if (c == '%') {
        int decoded = i + 2 < to ? hex(in[i + 1]) << 4 | hex(in[i + 2]) : -1;
        if (decoded <= 0) {
          return decoded == 0 ? ZERO : BROKEN_PERCENT;
        }
        if (decoded < 128 && UNRESERVED[decoded]) {
          out[n++] = (byte) decoded;
        } else {
          n = encode(out, n, decoded);
        }
        i += 2;
      } else if (c > 0 && PLAIN[c]) {
        out[n++] = (byte) c;
      } else if (c >= 0 && (c <= 0x20 || c == 0x7f)) {
        return CONTROL;
      } else if (c == '?' || c == '#') {
        return QUERY;
      } else {
        n = encode(out, n, c & 0xff);
      }
    }
    return endSegment(out, segment, n);
  }

  /** What is wrong with a path for which {@link #normalize} gave this code. */
  public static String fault(int code) {
    return switch (code) {
      case NO_SLASH -> "a path starts with '/'";
      case BROKEN_PERCENT -> "'%' must be followed by two hex digits";
      case ZERO -> "'%00' is not allowed";
      case CONTROL -> "blanks and control characters are not allowed";
      case QUERY -> "'?' and '#' do not belong to a path";
      case DOT_PARAMETER -> "a '.' or '..' segment with parameters is not allowed";
      default -> "not a path";
    };
  }

  /** Resolves a segment that is "." or ".." (RFC 3986, section 5.2.4); gives the new length. */
  private static int endSegment(byte[] out, int segment, int n) {
    int length = n - segment;
    if (length == 0 || out[segment] != '.') {
      return n;
    }
    int dots = length > 1 && out[segment + 1] == '.' ? 2 : 1;
    if (length > dots) {
      // Some servers read "..;x" as "..": what we match would not be what they serve.
      return out[segment + dots] == ';' ? DOT_PARAMETER : n;
    }
    if (dots == 1 || segment == 1) {
      return segment;
    }
    int parent = segment - 1;
    while (out[parent - 1] != '/') {
      parent--;
    }
    return parent;
  }

  private static int encode(byte[] out, int n, int c) {
    out[n] = '%';
    out[n + 1] = HEX[c >> 4];
    out[n + 2] = HEX[c & 15];
    return n + 3;
  }

  /** The value of a hex digit; for others a number that keeps the whole negative. */
  private static int hex(int c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : Integer.MIN_VALUE >> 4;
  }
}
