package io.proxyetc;

/**
 * How a switch ended.
 *
 * @param id the switch, as it was called in the routes' documents
 * @param result how
 * @param reason a sentence for people
 */
public record SwitchOutcome(String id, Result result, String reason) {
  /** How a switch ends. */
  public enum Result {
    /** The new group has all of the traffic. */
    DONE,
    /** The new group was not healthy in time: nothing was switched. */
    NOT_HEALTHY,
    /** Too many of the new group's requests failed: what was active before is active again. */
    ROLLED_BACK,
    /** Somebody ended it: what is active is what he made active. */
    ABORTED
  }

  /** Whether the new group has all of the traffic. */
  public boolean done() {
    return result == Result.DONE;
  }
}
