package io.proxyetc.internal.http.frames;

import java.nio.charset.StandardCharsets;

/**
 * The names of HPACK's static table that responses carry (RFC 7541, appendix A), by their bytes.
 */
final class StaticNames {
  private static final int FIRST = 15; // those before are pseudo-headers
  private static final String[] NAMES = {
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "accept-ranges",
    "accept",
    "access-control-allow-origin",
    "age",
    "allow",
    "authorization",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-type",
    "cookie",
    "date",
    "etag",
    "expect",
    "expires",
    "from",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "last-modified",
    "link",
    "location",
    "max-forwards",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "referer",
    "refresh",
    "retry-after",
    "server",
    "set-cookie",
    "strict-transport-security",
    "transfer-encoding",
    "user-agent",
    "vary",
    "via",
    "www-authenticate"
  };

  static final int CONTENT_LENGTH = 28;
  static final int DATE = 33;
  static final int SET_COOKIE = 55;

  private static final int SLOTS = 256;
  private static final byte[][] BYTES = new byte[SLOTS][];
  private static final int[] INDEX = new int[SLOTS];

  static {
    for (int i = 0; i < NAMES.length; i++) {
      byte[] name = NAMES[i].getBytes(StandardCharsets.US_ASCII);
      int slot = hash(name, name.length) & SLOTS - 1;
      while (INDEX[slot] != 0) {
        slot = slot + 1 & SLOTS - 1;
      }
      BYTES[slot] = name;
      INDEX[slot] = FIRST + i;
    }
  }

  private StaticNames() {}

  /** The index of a lower-case name, or 0. */
  static int index(byte[] name, int length, int hash) {
    for (int slot = hash & SLOTS - 1; INDEX[slot] != 0; slot = slot + 1 & SLOTS - 1) {
      if (same(BYTES[slot], name, length)) {
        return INDEX[slot];
      }
    }
    return 0;
  }

  private static boolean same(byte[] known, byte[] name, int length) {
    if (known.length != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (known[i] != name[i]) {
        return false;
      }
    }
    return true;
  }

  static int hash(byte[] bytes, int length) {
    int h = 1;
    for (int i = 0; i < length; i++) {
      h = h * 31 + bytes[i];
    }
    return h ^ h >>> 15;
  }
}
