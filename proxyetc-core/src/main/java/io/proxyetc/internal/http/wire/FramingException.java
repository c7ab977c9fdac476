package io.proxyetc.internal.http.wire;

import java.io.IOException;

/**
 * A message whose framing cannot be trusted. Carries no stack trace: peers can cause it at will.
 */
public final class FramingException extends IOException {
  private static final long serialVersionUID = 1L;

  public FramingException(String message) {
    super(message);
  }

  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
