package io.proxyetc.internal.http.wire;

import io.proxyetc.internal.http.message.FieldId;

/** Which fields may stand behind a body (RFC 9110, section 6.5.1). */
public final class Trailers {
  private Trailers() {}

  /** Whether a trailer of this kind is forwarded: none that frames, routes or speaks of the hop. */
  public static boolean allowed(FieldId id) {
    return switch (id) {
      case HOST,
              EXPECT,
              FORWARDED,
              X_FORWARDED_FOR,
              X_FORWARDED_HOST,
              X_FORWARDED_PORT,
              X_FORWARDED_PROTO,
              X_REQUEST_ID,
              VIA ->
          false;
      default -> !id.hopByHop();
    };
  }
}
