package io.proxyetc.internal.health;

import io.proxyetc.HealthCheck;
import io.proxyetc.internal.health.Watch.State;

/**
 * What the probes of one check say, taken together. For one thread.
 *
 * <pre>{@code
 *            first passed               `fall` failed in a row
 * UNKNOWN --------------------> HEALTHY -----------------------> UNHEALTHY
 *     \                            ^------ `rise` passed in a row ---/ ^
 *      \__________________ first failed _____________________________/
 * }</pre>
 */
final class Tally {
  private final int fall;
  private final int rise;
  private State state;
  private int against; // probes in a row that speak against the state

  Tally(HealthCheck check) {
    fall = check.fall();
    rise = check.rise();
    state =
        switch (check.initial()) {
          case UP -> State.HEALTHY;
          case DOWN -> State.UNHEALTHY;
          case UNKNOWN -> State.UNKNOWN;
        };
  }

  State state() {
    return state;
  }

  /** Whether the last probe spoke against the state: the next one should follow soon. */
  boolean inTransition() {
    return against > 0;
  }

  /**
   * Counts a probe.
   *
   * @return whether the state is another one now
   */
  boolean count(boolean passed) {
    State other = passed ? State.HEALTHY : State.UNHEALTHY;
    if (state == other) {
      against = 0;
      return false;
    }
    int needed = state == State.UNKNOWN ? 1 : passed ? rise : fall;
    if (++against < needed) {
      return false;
    }
    against = 0;
    state = other;
    return true;
  }
}
