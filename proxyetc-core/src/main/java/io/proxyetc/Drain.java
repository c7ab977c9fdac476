package io.proxyetc;

import java.time.Duration;

/**
 * What becomes of the requests in flight at a target that goes: one that was removed, that a switch
 * has left, or whose state is {@link Target.State#DRAIN}.
 *
 * @param deadline how long they may go on; then they are cut, upgraded connections included
 * @param onRemove what happens to those of a target, group or route that is no longer there, or not
 *     active
 */
public record Drain(Duration deadline, OnRemove onRemove) {
  /** What happens to the requests in flight at a target that is no longer there. */
  public enum OnRemove {
    /** They go on until the deadline. */
    DRAIN,
    /** They are cut at once. */
    CLOSE,
    /** They go on as long as they take. */
    KEEP
  }

  /** 30 s. */
  public static final Drain DEFAULT = new Drain(Duration.ofSeconds(30), OnRemove.DRAIN);

  public Drain {
    Bounds.check("drain", deadline, Duration.ofMillis(100), Duration.ofDays(1), false);
  }
}
