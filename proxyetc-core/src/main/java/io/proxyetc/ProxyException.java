package io.proxyetc;

import org.jspecify.annotations.Nullable;

/**
 * Anything that proxyetc refuses or could not do. The message names the thing, the fault and the
 * remedy.
 */
public class ProxyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ProxyException(String message) {
    super(message);
  }

  public ProxyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
