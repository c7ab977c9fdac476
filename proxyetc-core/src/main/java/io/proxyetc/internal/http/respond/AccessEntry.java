package io.proxyetc.internal.http.respond;

import org.jspecify.annotations.Nullable;

/**
 * One request as the access log shows it. Made on the IO thread: what came from the client is taken
 * as Latin-1, byte for byte, and escaped only when it is written. Long values are cut, so that what
 * waits for a slow disk stays small.
 *
 * @param epochMillis when the request ended, by the wall clock
 * @param client its address; where a believed peer speaks for others, the one that it names
 * @param method as it was sent; null: there was no request line that could be read
 * @param uri path and query, the path in its normal form; null like the method, and for CONNECT
 * @param protocol {@code HTTP/1.1}, say; null like the method, except over HTTP/2
 * @param status of the answer; 499: there was none
 * @param bytes of the answer's body that were sent
 * @param nanos from the end of the request's head to the answer's last byte
 * @param target the address that answered last; null: the proxy itself did
 * @param route the route's id; null: there was none
 */
public record AccessEntry(
    long epochMillis,
    String client,
    @Nullable String method,
    @Nullable String uri,
    @Nullable String protocol,
    int status,
    long bytes,
    @Nullable String referer,
    @Nullable String userAgent,
    long nanos,
    @Nullable String target,
    @Nullable String route,
    @Nullable String requestId) {
  private static final int LONGEST_URI = 4096;
  private static final int LONGEST_FIELD = 1024;

  public AccessEntry {
    method = cut(method, LONGEST_FIELD);
    uri = cut(uri, LONGEST_URI);
    referer = cut(referer, LONGEST_FIELD);
    userAgent = cut(userAgent, LONGEST_FIELD);
    requestId = cut(requestId, LONGEST_FIELD);
  }

  private static @Nullable String cut(@Nullable String value, int longest) {
    return value == null || value.length() <= longest ? value : value.substring(0, longest);
  }

  /** About the bytes of heap that it holds. */
  int weight() {
    return 256 + length(uri) + length(referer) + length(userAgent) + length(requestId);
  }

  private static int length(@Nullable String value) {
    return value == null ? 0 : value.length();
  }
}
