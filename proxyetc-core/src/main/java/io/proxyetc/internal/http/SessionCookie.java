package io.proxyetc.internal.http;

import io.proxyetc.Session;
import io.proxyetc.internal.balance.Stickiness;
import io.proxyetc.internal.balance.Stickiness.Place;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.message.HeadSink;
import io.proxyetc.internal.target.TargetState;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that keeps clients of a route at their targets: found in the bytes of a request,
 * written from bytes that were made beforehand. Immutable; any IO thread; allocates nothing.
 */
final class SessionCookie {
  private static final byte[] SET_COOKIE = "Set-Cookie".getBytes(StandardCharsets.US_ASCII);
  private static final String SECURE = "; Secure";

  private final byte[] name;
  private final Stickiness stickiness;

  /** What each target's cookie says, with {@link #SECURE} behind. */
  private final IdentityHashMap<TargetState, byte[]> fields = new IdentityHashMap<>();

  SessionCookie(String routeId, Session session, Stickiness stickiness) {
    this.stickiness = stickiness;
    String cookie = session.cookieOf(routeId);
    this.name = ascii(cookie);
    for (Place place : stickiness.places()) {
      String field = cookie + "=" + place.value() + attributes(session) + SECURE;
      fields.put(place.target(), ascii(field));
    }
  }

  /**
   * A lifetime begins when the cookie is set and is not renewed: an answer to a client that has its
   * cookie is as the target gave it, and stays one that may be stored.
   */
  private static String attributes(Session session) {
    long seconds = session.lifetime().toSeconds();
    return "; Path="
        + session.path()
        + (seconds > 0 ? "; Max-Age=" + seconds : "")
        + "; HttpOnly; SameSite=Lax";
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  // ---- reading ----

  /**
   * Where a request's cookie keeps its client; null where it has none that this proxy knows. Of
   * several the first known one counts: what is forged or foreign stands for nothing.
   */
  @Nullable Place read(Head request) {
    for (int i = request.find("cookie", 0); i >= 0; i = request.find("cookie", i + 1)) {
      Place place = read(request.bytes, request.valueFrom(i), request.valueTo(i));
      if (place != null) {
        return place;
      }
    }
    return null;
  }

  /** In one field: {@code name=value; name=value} (RFC 6265, section 4.2.1). */
  private @Nullable Place read(byte[] bytes, int from, int to) {
    int start = from;
    while (start < to) {
      int end = start;
      while (end < to && bytes[end] != ';') {
        end++;
      }
      Place place = named(bytes, start, end) ? value(bytes, start, end) : null;
      if (place != null) {
        return place;
      }
      start = end + 1;
      while (start < to && blank(bytes[start])) {
        start++;
      }
    }
    return null;
  }

  private boolean named(byte[] bytes, int from, int to) {
    int equals = from + name.length;
    if (equals >= to || bytes[equals] != '=') {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (bytes[from + i] != name[i]) {
        return false;
      }
    }
    return true;
  }

  /** The value behind the name, without blanks and quotes around it. */
  private @Nullable Place value(byte[] bytes, int from, int to) {
    int start = from + name.length + 1;
    int end = to;
    while (start < end && blank(bytes[start])) {
      start++;
    }
    while (start < end && blank(bytes[end - 1])) {
      end--;
    }
    if (end - start > 1 && bytes[start] == '"' && bytes[end - 1] == '"') {
      start++;
      end--;
    }
    return stickiness.find(bytes, start, end);
  }

  private static boolean blank(byte b) {
    return b == ' ' || b == '\t';
  }

  // ---- writing ----

  /** Keeps the client at the target that answers. */
  void write(HeadSink head, TargetState answering, boolean secure) {
    byte[] field = fields.get(answering);
    if (field != null) {
      head.field(SET_COOKIE, field, 0, secure ? field.length : field.length - SECURE.length());
    }
  }
}
