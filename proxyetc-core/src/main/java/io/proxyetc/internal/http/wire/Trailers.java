package io.proxyetc.internal.http.wire;

import io.proxyetc.internal.http.message.Head;
import java.util.Locale;
import java.util.Set;

/** Which fields may stand behind a body (RFC 9110, section 6.5.1). */
public final class Trailers {
  /** Fields that authenticate, direct, or describe the content: too late behind it. */
  private static final Set<String> TOO_LATE =
      Set.of(
          "authorization",
          "age",
          "cache-control",
          "content-encoding",
          "content-location",
          "content-range",
          "content-type",
          "cookie",
          "date",
          "expires",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-range",
          "if-unmodified-since",
          "location",
          "max-forwards",
          "pragma",
          "range",
          "retry-after",
          "set-cookie",
          "vary",
          "warning",
          "www-authenticate");

  private Trailers() {}

  /** Whether a trailer is forwarded: none that frames, routes or speaks of the hop. */
  public static boolean allowed(Head trailers, int i) {
    return switch (trailers.id(i)) {
      case HOST,
          EXPECT,
          FORWARDED,
          X_FORWARDED_FOR,
          X_FORWARDED_HOST,
          X_FORWARDED_PORT,
          X_FORWARDED_PROTO,
          X_REQUEST_ID,
          VIA,
          DATE ->
          false;
      case OTHER -> !TOO_LATE.contains(name(trailers, i));
      default -> !trailers.id(i).hopByHop();
    };
  }

  private static String name(Head head, int i) {
    return head.text(head.nameFrom(i), head.nameTo(i)).toLowerCase(Locale.ROOT);
  }
}
