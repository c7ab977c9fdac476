package io.proxyetc.internal.http.wire;

import io.proxyetc.NormalPath;
import io.proxyetc.internal.http.message.Head;

/** The first line of a message (RFC 9112, sections 3 and 4). */
final class StartLine {
  private StartLine() {}

  /** {@code method SP request-target SP HTTP/1.x}, with one blank each. */
  static HeadFault request(Head head, int from, int to) {
    byte[] bytes = head.bytes;
    int i = from;
    while (i < to && HeadParser.TOKEN[bytes[i] & 0xff]) {
      i++;
    }
    if (i == from || i == to || bytes[i] != ' ') {
      return HeadFault.METHOD;
    }
    head.methodFrom = from;
    head.methodTo = i;
    int targetFrom = i + 1;
    int targetTo = to - 9; // " HTTP/1.x"
    if (targetTo <= targetFrom) {
      return HeadFault.START_LINE;
    }
    HeadFault version = version(head, targetTo);
    if (version != HeadFault.NONE) {
      return version;
    }
    return target(head, targetFrom, targetTo);
  }

  private static HeadFault version(Head head, int from) {
    byte[] b = head.bytes;
    boolean shaped =
        b[from] == ' '
            && b[from + 1] == 'H'
            && b[from + 2] == 'T'
            && b[from + 3] == 'T'
            && b[from + 4] == 'P'
            && b[from + 5] == '/'
            && digit(b[from + 6])
            && b[from + 7] == '.'
            && digit(b[from + 8]);
    if (!shaped) {
      return HeadFault.VERSION_MALFORMED;
    }
    if (b[from + 6] != '1' || b[from + 8] > '1') {
      return HeadFault.VERSION;
    }
    head.minorVersion = b[from + 8] - '0';
    return HeadFault.NONE;
  }

  private static boolean digit(int c) {
    return c >= '0' && c <= '9';
  }

  /** origin-form, absolute-form, or asterisk-form (RFC 9112, section 3.2). */
  static HeadFault target(Head head, int from, int to) {
    byte[] b = head.bytes;
    if (b[from] == '/') {
      return pathAndQuery(head, from, to);
    }
    if (b[from] == '*' && to - from == 1 && head.methodIs("OPTIONS")) {
      head.asterisk = true;
      head.path = SLASH;
      head.pathTo = 1;
      return HeadFault.NONE;
    }
    if (head.methodIs("CONNECT")) {
      // authority-form: answered with 405 before anything is routed.
      head.path = SLASH;
      head.pathTo = 1;
      return HeadFault.NONE;
    }
    return absolute(head, from, to);
  }

  private static final byte[] SLASH = {'/'};

  private static HeadFault absolute(Head head, int from, int to) {
    int authority;
    if (head.equalsIgnoreCase(from, Math.min(to, from + 7), "http://")) {
      authority = from + 7;
    } else if (head.equalsIgnoreCase(from, Math.min(to, from + 8), "https://")) {
      authority = from + 8;
    } else {
      return HeadFault.TARGET;
    }
    int end = authority;
    while (end < to && head.bytes[end] != '/' && head.bytes[end] != '?') {
      end++;
    }
    if (end == authority) {
      return HeadFault.TARGET;
    }
    head.hostFrom = authority;
    head.hostTo = end;
    if (end == to || head.bytes[end] == '?') {
      head.path = SLASH;
      head.pathTo = 1;
      head.asterisk = end == to && head.methodIs("OPTIONS"); // RFC 9112, section 3.2.4
      return query(head, end, to);
    }
    return pathAndQuery(head, end, to);
  }

  private static HeadFault pathAndQuery(Head head, int from, int to) {
    byte[] b = head.bytes;
    boolean normal = true;
    int i = from;
    for (; i < to && b[i] != '?'; i++) {
      int c = b[i];
      if (c <= ' ' || !PLAIN[c] || (c == '.' && b[i - 1] == '/')) {
        normal = false;
      }
    }
    if (normal) {
      head.path = b;
      head.pathFrom = from;
      head.pathTo = i;
    } else {
      byte[] out = new byte[(i - from) * 3];
      int n = NormalPath.normalize(b, from, i, out);
      if (n < 0) {
        return HeadFault.TARGET;
      }
      head.path = out;
      head.pathFrom = 0;
      head.pathTo = n;
    }
    return query(head, i, to);
  }

  /** Bytes that are in normal form wherever they stand in a path, dots apart. */
  private static final boolean[] PLAIN = new boolean[128];

  static {
    for (int c = 0x21; c < 0x7f; c++) {
      PLAIN[c] = Character.isLetterOrDigit(c) || "-._~/!$&'()*+,;=:@".indexOf(c) >= 0;
    }
  }

  private static HeadFault query(Head head, int from, int to) {
    head.queryFrom = from;
    head.queryTo = to;
    for (int i = from; i < to; i++) {
      int c = head.bytes[i];
      if (c == ' ' || c == '\t' || c == '#') {
        return HeadFault.TARGET;
      }
    }
    return HeadFault.NONE;
  }

  /** {@code HTTP/1.x SP status SP [reason]}; the blank before an empty reason may be missing. */
  static HeadFault response(Head head, int from, int to) {
    byte[] b = head.bytes;
    boolean shaped =
        to - from >= 12
            && b[from] == 'H'
            && b[from + 1] == 'T'
            && b[from + 2] == 'T'
            && b[from + 3] == 'P'
            && b[from + 4] == '/'
            && b[from + 5] == '1'
            && b[from + 6] == '.'
            && (b[from + 7] == '1' || b[from + 7] == '0')
            && b[from + 8] == ' '
            && b[from + 9] >= '1'
            && b[from + 9] <= '9'
            && digit(b[from + 10])
            && digit(b[from + 11])
            && (to - from == 12 || b[from + 12] == ' ');
    if (!shaped) {
      return HeadFault.STATUS_LINE;
    }
    head.minorVersion = b[from + 7] - '0';
    head.status = (b[from + 9] - '0') * 100 + (b[from + 10] - '0') * 10 + b[from + 11] - '0';
    head.reasonFrom = Math.min(to, from + 13);
    head.reasonTo = to;
    return HeadFault.NONE;
  }
}
