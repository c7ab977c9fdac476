package io.proxyetc;

/**
 * A switch that is under way: a field of the route's document, so that it goes on after a restart,
 * wherever it was. {@link Route#active} always says where the traffic goes meanwhile.
 *
 * @param id the same for all routes that are switched together
 * @param to the group that is to become active
 * @param from what was active before, to go back to
 * @param options how
 * @param phase where it is
 * @param step which of the steps, from 0; without meaning in other phases
 * @param paused whether it stays where it is until somebody resumes it
 */
public record RunningSwitch(
    String id,
    String to,
    Active from,
    SwitchOptions options,
    Phase phase,
    int step,
    boolean paused) {
  /** Where a switch is. */
  public enum Phase {
    /** The new group has to become healthy. */
    PREFLIGHT,
    /** The new group has a part of the traffic. */
    STEP,
    /** The new group has all of it, and is watched. */
    WATCH
  }

  public RunningSwitch {
    Names.check("switch", id);
    Bounds.check("step", step, 0, Math.max(0, options.steps().size() - 1));
    if (phase == Phase.STEP && options.steps().isEmpty()) {
      throw new InvalidRouteException("phase", "it is in a step, but has no steps");
    }
  }

  /** The same, paused or not. */
  public RunningSwitch withPaused(boolean newPaused) {
    return new RunningSwitch(id, to, from, options, phase, step, newPaused);
  }
}
