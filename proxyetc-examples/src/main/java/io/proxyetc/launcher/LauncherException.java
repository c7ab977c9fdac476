package io.proxyetc.launcher;

/** Something outside stood in the way; the message is for the user as it is. */
final class LauncherException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LauncherException(String message, Throwable cause) {
    super(message, cause);
  }
}
