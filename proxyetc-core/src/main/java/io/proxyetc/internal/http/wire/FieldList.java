package io.proxyetc.internal.http.wire;

import io.proxyetc.internal.http.message.FieldId;
import io.proxyetc.internal.http.message.Head;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes a head of the decompressed fields of HTTP/2 (RFC 9113, section 8). Target, host, lengths
 * and expectations are judged by the rules of HTTP/1, since the request goes on as such. What
 * HTTP/2 calls malformed is kept apart: it resets the stream. One per connection; begun anew for
 * each head.
 */
public final class FieldList {
  private static final byte[] COOKIE = {'c', 'o', 'o', 'k', 'i', 'e'};
  private static final byte[] SLASH = {'/'};
  private static final int LEAST_ROOM = 256;
  private static final int MOST_ROOM = 4096;

  private final int maxLine;
  private final int maxHead;
  private final int maxFields;

  private Head head = new Head();
  private boolean trailers;
  private boolean regular; // a field that is no pseudo-header has come
  private int methodFrom;
  private int methodTo;
  private int pathFrom;
  private int pathTo;
  private int schemeFrom;
  private int schemeTo;
  private int size;
  private byte[] cookies = new byte[0];
  private int cookieLength;
  private @Nullable String malformed;
  private HeadFault fault = HeadFault.NONE;

  /**
   * @param maxLine of method and path together
   * @param maxHead of all names and values, with four bytes more for each field, as HTTP/1 has them
   */
  public FieldList(int maxLine, int maxHead, int maxFields) {
    this.maxLine = maxLine;
    this.maxHead = maxHead;
    this.maxFields = maxFields;
  }

  /** Begins a request's head. */
  public void beginRequest(Head into) {
    begin(into, false);
  }

  /** Begins trailers. */
  public void beginTrailers(Head into) {
    begin(into, true);
  }

  private void begin(Head into, boolean asTrailers) {
    int room = head.length + 16; // the next will be like the last
    head = into;
    into.reset();
    into.minorVersion = 2;
    into.reserve(Math.max(LEAST_ROOM, Math.min(room, MOST_ROOM)));
    into.length = 1; // position 0 stands for "none"
    trailers = asTrailers;
    regular = false;
    methodFrom = methodTo = pathFrom = pathTo = schemeFrom = schemeTo = 0;
    size = 0;
    cookieLength = 0;
    if (cookies.length > 1024) {
      cookies = new byte[0];
    }
    malformed = null;
    fault = HeadFault.NONE;
  }

  /** Whether nothing more is taken in. */
  public boolean full() {
    return fault == HeadFault.HEAD_TOO_LARGE;
  }

  /** What makes the message malformed in the sense of HTTP/2; null: nothing. */
  public @Nullable String malformed() {
    return malformed;
  }

  /** A field: its name at the start of one array, its value within another, or the same. */
  public void field(byte[] name, int nameLength, byte[] value, int from, int to) {
    size += nameLength + to - from + 4;
    if (size > maxHead) {
      fault(HeadFault.HEAD_TOO_LARGE);
    } else if (nameLength > 0 && name[0] == ':') {
      pseudo(name, nameLength, value, from, to);
    } else {
      regular = true;
      regular(name, nameLength, value, from, to);
    }
  }

  private void fault(HeadFault which) {
    if (fault == HeadFault.NONE || which == HeadFault.HEAD_TOO_LARGE) {
      fault = which;
    }
  }

  // ---- pseudo-headers (section 8.3.1) ----

  private void pseudo(byte[] name, int nameLength, byte[] value, int valueFrom, int valueTo) {
    int from = head.append(value, valueFrom, valueTo);
    int to = head.length;
    if (trailers || regular) {
      malformed = "a pseudo-header in the wrong place";
    } else if (is(name, nameLength, ":method") && methodTo == 0) {
      methodFrom = from;
      methodTo = to;
    } else if (is(name, nameLength, ":path") && pathTo == 0) {
      pathFrom = from;
      pathTo = to;
    } else if (is(name, nameLength, ":scheme") && schemeTo == 0) {
      schemeFrom = from;
      schemeTo = to;
    } else if (is(name, nameLength, ":authority") && head.hostFrom == 0) {
      head.hostFrom = from;
      head.hostTo = to;
    } else {
      malformed = "a pseudo-header that is unknown or doubled";
    }
    checkValue(value, valueFrom, valueTo);
  }

  private static boolean is(byte[] b, int length, String name) {
    if (length != name.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (b[i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  // ---- fields (section 8.2) ----

  private void regular(byte[] name, int nameLength, byte[] value, int from, int to) {
    if (nameLength == 0) {
      malformed = "a field without a name";
      return;
    }
    for (int i = 0; i < nameLength; i++) {
      int c = name[i] & 0xff;
      if (!HeadParser.TOKEN[c] || (c >= 'A' && c <= 'Z')) {
        malformed = "a field's name is malformed";
        return;
      }
    }
    checkValue(value, from, to);
    if (head.count() == maxFields) {
      fault(HeadFault.TOO_MANY_FIELDS);
    } else if (nameLength == COOKIE.length && !trailers && is(name, nameLength, "cookie")) {
      crumb(value, from, to);
    } else {
      add(name, nameLength, value, from, to);
    }
  }

  private void checkValue(byte[] b, int from, int to) {
    for (int i = ControlBytes.find(b, from, to); i < to; i = ControlBytes.find(b, i + 1, to)) {
      int c = b[i];
      if (c == 0 || c == '\r' || c == '\n') {
        malformed = "a line break or NUL in a field's value";
      } else if (c != '\t') {
        fault(HeadFault.CONTROL);
      }
    }
    if (to > from && (blank(b[from]) || blank(b[to - 1]))) {
      malformed = "blanks around a field's value";
    }
  }

  private static boolean blank(int c) {
    return c == ' ' || c == '\t';
  }

  private void add(byte[] name, int nameLength, byte[] value, int from, int to) {
    // Laid out as in HTTP/1, so that it can be forwarded in one piece.
    head.ensure(nameLength + to - from + 2);
    int nameFrom = head.append(name, 0, nameLength);
    head.bytes[head.length++] = ':';
    head.bytes[head.length++] = ' ';
    int valueFrom = head.append(value, from, to);
    FieldId id = head.add(nameFrom, nameFrom + nameLength, valueFrom, head.length);
    switch (id) {
      case CONNECTION, TRANSFER_ENCODING, KEEP_ALIVE, PROXY_CONNECTION, UPGRADE ->
          malformed = "a field that speaks of the connection";
      case TE -> {
        if (!head.equalsIgnoreCase(valueFrom, head.length, "trailers")) {
          malformed = "a TE other than trailers";
        }
      }
      case HOST -> host(valueFrom);
      case OTHER -> {}
      default -> {
        if (!trailers) {
          note(FramingFields.read(head, id, valueFrom, head.length, HeadParser.Kind.REQUEST));
        }
      }
    }
  }

  private void note(HeadFault found) {
    if (found != HeadFault.NONE) {
      fault(found);
    }
  }

  /** Host beside :authority must say the same (section 8.3.1). */
  private void host(int from) {
    if (trailers) {
      return;
    }
    if (head.find(FieldId.HOST, 0) != head.count() - 1) {
      fault(HeadFault.HOST_TWICE);
    } else if (head.hostFrom == 0) {
      head.hostFrom = from;
      head.hostTo = head.length;
    } else if (!sameHost(from, head.length)) {
      fault(HeadFault.HOST);
    }
  }

  private boolean sameHost(int from, int to) {
    return head.equalsIgnoreCase(from, to, head.host());
  }

  /** A cookie may come in crumbs (section 8.2.3); HTTP/1 wants them in one field. */
  private void crumb(byte[] b, int from, int to) {
    int more = to - from + 2;
    if (cookies.length < cookieLength + more) {
      cookies = Arrays.copyOf(cookies, Math.max(cookieLength + more, cookies.length * 2));
    }
    if (cookieLength > 0) {
      cookies[cookieLength++] = ';';
      cookies[cookieLength++] = ' ';
    }
    System.arraycopy(b, from, cookies, cookieLength, to - from);
    cookieLength += to - from;
  }

  // ---- the whole ----

  /** Whether the trailers, all of whose fields have come, can be forwarded. */
  public HeadFault endTrailers() {
    return fault;
  }

  /**
   * All fields of the request have come. Where {@link #malformed} then says something, that comes
   * first.
   *
   * @param withBody whether DATA follows
   */
  public HeadFault endRequest(boolean withBody) {
    head.methodFrom = methodFrom;
    head.methodTo = methodTo;
    if (malformed != null || fault == HeadFault.HEAD_TOO_LARGE) {
      return fault;
    }
    boolean connect = head.methodIs("CONNECT");
    if (methodTo == methodFrom
        || (connect
            ? pathTo != 0 || schemeTo != 0
            : pathTo == pathFrom || schemeTo == schemeFrom)) {
      malformed = "a pseudo-header is missing or empty";
      return fault;
    }
    if (cookieLength > 0) {
      add(COOKIE, COOKIE.length, cookies, 0, cookieLength);
    }
    if (fault == HeadFault.NONE) {
      fault = requestLine(connect);
    }
    body(withBody);
    return fault;
  }

  private HeadFault requestLine(boolean connect) {
    for (int i = methodFrom; i < methodTo; i++) {
      if (!HeadParser.TOKEN[head.bytes[i] & 0xff]) {
        return HeadFault.METHOD;
      }
    }
    if (methodTo - methodFrom + pathTo - pathFrom > maxLine) {
      return HeadFault.LINE_TOO_LONG;
    }
    if (head.hostTo == head.hostFrom) {
      return HeadFault.HOST_MISSING;
    }
    if (!HostRules.prepare(head)) {
      return HeadFault.HOST;
    }
    if (connect) {
      head.path = SLASH; // answered with 405 before anything is routed
      head.pathTo = 1;
      return HeadFault.NONE;
    }
    if (!head.equalsIgnoreCase(schemeFrom, schemeTo, "https")
        && !head.equalsIgnoreCase(schemeFrom, schemeTo, "http")) {
      return HeadFault.TARGET;
    }
    if (head.bytes[pathFrom] != '/' && head.bytes[pathFrom] != '*') {
      return HeadFault.TARGET;
    }
    return StartLine.target(head, pathFrom, pathTo);
  }

  /** How the body is framed where the request goes on as HTTP/1. */
  private void body(boolean withBody) {
    if (withBody) {
      head.chunked = head.contentLength < 0;
    } else if (head.contentLength > 0) {
      malformed = "a Content-Length without a body";
    } else if (head.contentLength < 0
        && (head.methodIs("POST") || head.methodIs("PUT") || head.methodIs("PATCH"))) {
      head.contentLength = 0; // these say so where they have no body (RFC 9110, section 8.6)
    }
  }
}
