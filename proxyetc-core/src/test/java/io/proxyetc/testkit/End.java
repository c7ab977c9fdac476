package io.proxyetc.testkit;

/** How the other side ended a connection. */
public enum End {
  /** Cleanly. */
  FIN,
  /** By a reset. */
  RST
}
