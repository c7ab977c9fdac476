package io.proxyetc.internal.http.frames;

import java.io.IOException;

/**
 * A peer that breaks the rules: its stream is reset, or its connection ends. Carries no stack
 * trace: peers can cause it at will.
 */
public final class Http2Exception extends IOException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final int stream;

  private Http2Exception(ErrorCode code, int stream, String message) {
    super(message);
    this.code = code;
    this.stream = stream;
  }

  /** The connection cannot go on. */
  public static Http2Exception connection(ErrorCode code, String message) {
    return new Http2Exception(code, 0, message);
  }

  /** One stream cannot go on. */
  public static Http2Exception stream(int stream, ErrorCode code, String message) {
    return new Http2Exception(code, stream, message);
  }

  public ErrorCode code() {
    return code;
  }

  /** The stream that ends; 0: the connection. */
  public int stream() {
    return stream;
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
