package io.proxyetc.internal.http.message;

/** How far a body got. */
public enum BodyProgress {
  /** Nothing further is there now: wait for the source. */
  WAITING,
  /** The consumer is full: wait for it. */
  BLOCKED,
  /** The body is complete. */
  DONE
}
