package io.proxyetc.internal.http.message;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request or a response: its bytes, and an index of where things stand in them.
 * Filled by a parser (or from HTTP/2), then only read; used again for the next message of a
 * connection. Values are trimmed, names and values are checked: no control bytes anywhere.
 */
public final class Head {
  /** What a head may keep while its connection is idle, in bytes. */
  public static final int SMALL = 1024;

  private static final byte[] NOTHING = new byte[0];

  /** The head's bytes. Positions below point into it. */
  public byte[] bytes = NOTHING;

  /** How many of {@link #bytes} are in use. */
  public int length;

  // The start line.
  public int methodFrom;
  public int methodTo;
  public int status; // of a response
  public int reasonFrom;
  public int reasonTo;
  public int minorVersion; // HTTP/1.x; 2 stands for HTTP/2

  // The target of a request, in normal form; the bytes may be another array than the head's.
  public byte[] path = NOTHING;
  public int pathFrom;
  public int pathTo;
  public int queryFrom; // with its '?'
  public int queryTo;
  public boolean asterisk; // OPTIONS *

  // The host of a request: as given, and for look-up (lower case, no port, no trailing dot).
  public int hostFrom;
  public int hostTo;
  public byte[] lookupHost = NOTHING;
  public int lookupHostFrom;
  public int lookupHostTo;

  // The id that was made for a request that brought none, or a bad one: 32 hex digits.
  public boolean idMade;
  public long idHigh;
  public long idLow;

  // What the fields say about framing and the connection.
  public long contentLength; // -1: none
  public boolean chunked;
  public boolean close; // Connection: close
  public boolean keepAlive; // Connection: keep-alive
  public boolean upgrade; // Connection: upgrade
  public boolean connectionNames; // Connection lists other fields
  public boolean expectContinue;

  // The fields: four positions each, and their ids.
  private int count;
  private int[] positions = new int[4 * 16];
  private FieldId[] ids = new FieldId[16];

  /** Forgets all but the bytes' array. */
  public void reset() {
    length = 0;
    methodFrom = methodTo = reasonFrom = reasonTo = status = 0;
    minorVersion = 1;
    path = NOTHING;
    pathFrom = pathTo = queryFrom = queryTo = 0;
    asterisk = false;
    idMade = false;
    hostFrom = hostTo = lookupHostFrom = lookupHostTo = 0;
    lookupHost = NOTHING;
    contentLength = -1;
    chunked = close = keepAlive = upgrade = connectionNames = expectContinue = false;
    count = 0;
  }

  /** Lets go of large arrays while a connection is idle. */
  public void shrink() {
    if (bytes.length > SMALL) {
      bytes = NOTHING;
    }
    if (ids.length > 16) {
      positions = new int[4 * 16];
      ids = new FieldId[16];
    }
    path = NOTHING;
    lookupHost = NOTHING;
  }

  /** Makes room for a head of so many bytes, and no more: for one that is used once. */
  public void reserve(int expected) {
    if (bytes.length < expected) {
      bytes = new byte[expected];
    }
  }

  /** Makes room for {@code more} bytes behind {@link #length}. */
  public void ensure(int more) {
    if (bytes.length < length + more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.max(512, bytes.length * 2)));
    }
  }

  /**
   * Appends bytes to the head's array and gives where they start: for heads not parsed from bytes.
   */
  public int append(byte[] source, int from, int to) {
    ensure(to - from);
    System.arraycopy(source, from, bytes, length, to - from);
    int at = length;
    length += to - from;
    return at;
  }

  /** Adds a field that stands in {@link #bytes}. */
  public FieldId add(int nameFrom, int nameTo, int valueFrom, int valueTo) {
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, count * 2);
      positions = Arrays.copyOf(positions, count * 8);
    }
    FieldId id = FieldId.of(bytes, nameFrom, nameTo);
    int at = count * 4;
    positions[at] = nameFrom;
    positions[at + 1] = nameTo;
    positions[at + 2] = valueFrom;
    positions[at + 3] = valueTo;
    ids[count++] = id;
    return id;
  }

  public int count() {
    return count;
  }

  public FieldId id(int i) {
    return ids[i];
  }

  public int nameFrom(int i) {
    return positions[i * 4];
  }

  public int nameTo(int i) {
    return positions[i * 4 + 1];
  }

  public int valueFrom(int i) {
    return positions[i * 4 + 2];
  }

  public int valueTo(int i) {
    return positions[i * 4 + 3];
  }

  /** The value of the i-th field. Allocates. */
  public String value(int i) {
    return text(valueFrom(i), valueTo(i));
  }

  /** The index of the first field with this id at or behind {@code from}; -1: none. */
  public int find(FieldId id, int from) {
    for (int i = from; i < count; i++) {
      if (ids[i] == id) {
        return i;
      }
    }
    return -1;
  }

  public boolean has(FieldId id) {
    return find(id, 0) >= 0;
  }

  /** The index of the first field of this name, whatever its case; -1: none. */
  public int find(String name, int from) {
    for (int i = from; i < count; i++) {
      if (equalsIgnoreCase(nameFrom(i), nameTo(i), name)) {
        return i;
      }
    }
    return -1;
  }

  /** The first value of a field, whatever the name's case. Allocates. */
  public @Nullable String first(String name) {
    int i = find(name, 0);
    return i < 0 ? null : value(i);
  }

  /** The first value of a field. Allocates. */
  public @Nullable String first(FieldId id) {
    int i = find(id, 0);
    return i < 0 ? null : value(i);
  }

  /** Whether bytes of the head are this text. */
  public boolean equals(int from, int to, String text) {
    if (to - from != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if ((bytes[from + i] & 0xff) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether bytes of the head are this text but for the case of ASCII letters. */
  public boolean equalsIgnoreCase(int from, int to, String text) {
    if (to - from != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (lower(bytes[from + i] & 0xff) != lower(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether a Connection field lists the i-th field's name (RFC 9110, section 7.6.1). */
  public boolean listedInConnection(int i) {
    if (!connectionNames) {
      return false;
    }
    int nameFrom = nameFrom(i);
    int nameLength = nameTo(i) - nameFrom;
    for (int c = find(FieldId.CONNECTION, 0); c >= 0; c = find(FieldId.CONNECTION, c + 1)) {
      int end = valueTo(c);
      for (int from = valueFrom(c); from < end; ) {
        int to = from;
        while (to < end && bytes[to] != ',') {
          to++;
        }
        if (sameToken(from, to, nameFrom, nameLength)) {
          return true;
        }
        from = to + 1;
      }
    }
    return false;
  }

  private boolean sameToken(int from, int to, int nameFrom, int nameLength) {
    int f = from;
    int t = to;
    while (f < t && (bytes[f] == ' ' || bytes[f] == '\t')) {
      f++;
    }
    while (t > f && (bytes[t - 1] == ' ' || bytes[t - 1] == '\t')) {
      t--;
    }
    if (t - f != nameLength) {
      return false;
    }
    for (int i = 0; i < nameLength; i++) {
      if (lower(bytes[f + i]) != lower(bytes[nameFrom + i])) {
        return false;
      }
    }
    return true;
  }

  private static int lower(int c) {
    return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
  }

  public boolean methodIs(String method) {
    return equals(methodFrom, methodTo, method);
  }

  public String method() {
    return text(methodFrom, methodTo);
  }

  public String path() {
    return new String(path, pathFrom, pathTo - pathFrom, StandardCharsets.ISO_8859_1);
  }

  /** Path and query as they are forwarded without a rule. */
  public String target() {
    return asterisk ? "*" : path() + text(queryFrom, queryTo);
  }

  public String host() {
    return text(hostFrom, hostTo);
  }

  public String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** Whether the request may be sent twice (RFC 9110, section 9.2.2). */
  public boolean idempotent() {
    return methodIs("GET")
        || methodIs("HEAD")
        || methodIs("PUT")
        || methodIs("DELETE")
        || methodIs("OPTIONS");
  }
}
