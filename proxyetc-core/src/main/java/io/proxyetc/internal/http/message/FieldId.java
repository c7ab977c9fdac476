package io.proxyetc.internal.http.message;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Header fields that mean something to the proxy. All others are {@link #OTHER}. */
public enum FieldId {
  OTHER(""),
  HOST("host"),
  CONTENT_LENGTH("content-length"),
  TRANSFER_ENCODING("transfer-encoding"),
  CONNECTION("connection"),
  KEEP_ALIVE("keep-alive"),
  PROXY_CONNECTION("proxy-connection"),
  PROXY_AUTHORIZATION("proxy-authorization"),
  PROXY_AUTHENTICATE("proxy-authenticate"),
  TE("te"),
  TRAILER("trailer"),
  UPGRADE("upgrade"),
  HTTP2_SETTINGS("http2-settings"),
  EXPECT("expect"),
  VIA("via"),
  FORWARDED("forwarded"),
  X_FORWARDED_FOR("x-forwarded-for"),
  X_FORWARDED_PROTO("x-forwarded-proto"),
  X_FORWARDED_HOST("x-forwarded-host"),
  X_FORWARDED_PORT("x-forwarded-port"),
  X_REQUEST_ID("x-request-id"),
  DATE("date"),
  ACCEPT("accept"),
  USER_AGENT("user-agent"),
  REFERER("referer");

  private static final FieldId[][] BY_LENGTH = new FieldId[20][];

  static {
    for (int length = 0; length < BY_LENGTH.length; length++) {
      int l = length;
      BY_LENGTH[length] =
          java.util.Arrays.stream(values())
              .filter(f -> f != OTHER && f.lower.length == l)
              .toArray(FieldId[]::new);
    }
  }

  private final byte[] lower;

  FieldId(String name) {
    lower = name.getBytes(StandardCharsets.US_ASCII);
  }

  /** The field of this name, in whatever case. Allocates nothing. */
  public static FieldId of(byte[] bytes, int from, int to) {
    int length = to - from;
    if (length < BY_LENGTH.length) {
      for (FieldId candidate : BY_LENGTH[length]) {
        if (same(bytes, from, candidate.lower)) {
          return candidate;
        }
      }
    }
    return OTHER;
  }

  /** The field of this name. */
  public static @Nullable FieldId named(String lowerCase) {
    byte[] name = lowerCase.getBytes(StandardCharsets.ISO_8859_1);
    FieldId id = of(name, 0, name.length);
    return id == OTHER ? null : id;
  }

  /** Whether the bytes at {@code from} are {@code lower} in whatever case of ASCII letters. */
  private static boolean same(byte[] bytes, int from, byte[] lower) {
    for (int i = 0; i < lower.length; i++) {
      int c = bytes[from + i];
      if (c != lower[i] && (c < 'A' || c > 'Z' || (c | 0x20) != lower[i])) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether this field frames a message or speaks to the next hop only (RFC 9110, section 7.6.1).
   */
  public boolean hopByHop() {
    return switch (this) {
      case CONTENT_LENGTH,
          TRANSFER_ENCODING,
          CONNECTION,
          KEEP_ALIVE,
          PROXY_CONNECTION,
          PROXY_AUTHORIZATION,
          PROXY_AUTHENTICATE,
          TE,
          TRAILER,
          UPGRADE,
          HTTP2_SETTINGS ->
          true;
      default -> false;
    };
  }
}
