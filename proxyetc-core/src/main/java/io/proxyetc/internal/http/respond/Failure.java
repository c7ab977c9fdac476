package io.proxyetc.internal.http.respond;

/**
 * Why a request was not answered by a target: whose fault it is, and the one status that follows
 * from it.
 */
public enum Failure {
  NO_ROUTE(Source.CLIENT, 404, "No route matches this host and path.", false),
  ONLY_REDIRECTS(Source.CLIENT, 404, "This host and path only leads from http to https.", false),
  METHOD(Source.CLIENT, 405, "CONNECT and TRACE are not served here.", false),
  LOOP(
      Source.CLIENT,
      508,
      "The request has been here before: a route leads back to this proxy.",
      false),
  BODY_FRAMING(Source.CLIENT, 400, "The body is malformed.", false),
  BODY_TOO_LARGE(Source.CLIENT, 413, "The body is too large.", false),
  BODY_TIMEOUT(Source.CLIENT, 408, "The body did not come in time.", false),
  OVERLOADED(Source.PROXY, 503, "Too much is waiting here for slow readers.", true),
  CLOSING(Source.PROXY, 503, "The proxy is shutting down.", true),
  INTERNAL(Source.PROXY, 500, "The proxy failed.", false),
  NO_TARGET(Source.UPSTREAM, 503, "No target is available.", true),
  UNREACHABLE(Source.UPSTREAM, 502, "The target cannot be reached.", true),
  BROKEN(Source.UPSTREAM, 502, "The target closed the connection before it answered.", true),
  CUT(Source.UPSTREAM, 502, "The target was taken out of service before it answered.", true),
  MALFORMED(Source.UPSTREAM, 502, "The target's answer is malformed.", false),
  CONNECT_TIMEOUT(Source.UPSTREAM, 504, "The target took no connection in time.", true),
  RESPONSE_TIMEOUT(Source.UPSTREAM, 504, "The target did not answer in time.", true);

  /** Whose fault it is. */
  public enum Source {
    CLIENT,
    PROXY,
    UPSTREAM
  }

  private final Source source;
  private final int status;
  private final String text;
  private final boolean retryAfter;

  Failure(Source source, int status, String text, boolean retryAfter) {
    this.source = source;
    this.status = status;
    this.text = text;
    this.retryAfter = retryAfter;
  }

  public Source source() {
    return source;
  }

  public int status() {
    return status;
  }

  /** A sentence for the client. */
  public String text() {
    return text;
  }

  /** Whether trying again in a moment may help. */
  public boolean retryAfter() {
    return retryAfter;
  }
}
