package io.proxyetc.internal.http.wire;

import io.proxyetc.internal.http.message.Head;

/**
 * The host of a request: {@code uri-host [":" port]}, never with userinfo (RFC 9110, section 7.2).
 */
final class HostRules {
  private HostRules() {}

  static boolean valid(Head head, int from, int to) {
    return nameEnd(head.bytes, from, to) >= 0;
  }

  /** Prepares the host for look-up: lower case, without port and trailing dot. */
  static boolean prepare(Head head) {
    byte[] b = head.bytes;
    int from = head.hostFrom;
    int to = nameEnd(b, from, head.hostTo);
    if (to < 0) {
      return false;
    }
    if (to > from && b[to - 1] == '.') {
      to--;
    }
    boolean upper = false;
    for (int i = from; i < to; i++) {
      upper |= b[i] >= 'A' && b[i] <= 'Z';
    }
    if (!upper) {
      head.lookupHost = b;
      head.lookupHostFrom = from;
      head.lookupHostTo = to;
      return true;
    }
    byte[] lower = new byte[to - from];
    for (int i = from; i < to; i++) {
      int c = b[i];
      lower[i - from] = (byte) (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    head.lookupHost = lower;
    head.lookupHostFrom = 0;
    head.lookupHostTo = lower.length;
    return true;
  }

  /** Where the name ends and the port begins; -1: not a host. */
  private static int nameEnd(byte[] b, int from, int to) {
    int i = from;
    if (i < to && b[i] == '[') {
      do {
        i++;
      } while (i < to && (hex(b[i]) || b[i] == ':' || b[i] == '.'));
      if (i == to || b[i] != ']' || i == from + 1) {
        return -1;
      }
      i++;
    } else {
      while (i < to && nameByte(b[i])) {
        i++;
      }
    }
    return i == to || (b[i] == ':' && port(b, i + 1, to)) ? i : -1;
  }

  private static boolean port(byte[] b, int from, int to) {
    int port = 0;
    for (int i = from; i < to; i++) {
      int digit = b[i] - '0';
      if (digit < 0 || digit > 9 || port > 6553) {
        return false;
      }
      port = port * 10 + digit;
    }
    return port <= 65535;
  }

  private static boolean hex(int c) {
    int l = c | 0x20;
    return (c >= '0' && c <= '9') || (l >= 'a' && l <= 'f');
  }

  /** Letters, digits and what registered names may hold besides; no percent-encoding. */
  private static boolean nameByte(int c) {
    int l = c | 0x20;
    return (c >= '0' && c <= '9')
        || (l >= 'a' && l <= 'z')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }
}
