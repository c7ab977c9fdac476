package io.proxyetc.internal.http.frames;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The fields that every peer knows (RFC 7541, appendix A), as bytes. Numbered from 1. */
final class StaticTable {
  private static final String[] FIELDS = {
    ":authority",
    ":method GET",
    ":method POST",
    ":path /",
    ":path /index.html",
    ":scheme http",
    ":scheme https",
    ":status 200",
    ":status 204",
    ":status 206",
    ":status 304",
    ":status 400",
    ":status 404",
    ":status 500",
    "accept-charset",
    "accept-encoding gzip, deflate",
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

  /** How many there are. */
  static final int COUNT = FIELDS.length;

  static final int CONTENT_LENGTH = 28;
  static final int DATE = 33;
  static final int SET_COOKIE = 55;

  private static final byte[][] NAME = new byte[COUNT + 1][];
  private static final byte[][] VALUE = new byte[COUNT + 1][];

  private static final int SLOTS = 256;
  private static final int[] BY_NAME = new int[SLOTS]; // but for pseudo-headers

  static {
    for (int i = 1; i <= COUNT; i++) {
      String[] field = FIELDS[i - 1].split(" ", 2);
      NAME[i] = field[0].getBytes(StandardCharsets.US_ASCII);
      VALUE[i] = (field.length == 1 ? "" : field[1]).getBytes(StandardCharsets.US_ASCII);
      if (NAME[i][0] != ':') {
        int slot = hash(NAME[i]) & SLOTS - 1;
        while (BY_NAME[slot] != 0) {
          slot = slot + 1 & SLOTS - 1;
        }
        BY_NAME[slot] = i;
      }
    }
  }

  private StaticTable() {}

  static byte[] name(int index) {
    return NAME[index];
  }

  static byte[] value(int index) {
    return VALUE[index];
  }

  /** The index of a lower-case name, or 0. */
  static int index(byte[] name, int length, int hash) {
    for (int slot = hash & SLOTS - 1; BY_NAME[slot] != 0; slot = slot + 1 & SLOTS - 1) {
      int index = BY_NAME[slot];
      if (same(NAME[index], name, length)) {
        return index;
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

  private static int hash(byte[] name) {
    int h = Arrays.hashCode(name);
    return h ^ h >>> 15;
  }
}
