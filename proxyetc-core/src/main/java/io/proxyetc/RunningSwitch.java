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
    String name = id;
    JsonFields.under("id", () -> Names.check("switch", name));
    int steps = options.steps().size();
    if (phase == Phase.STEP && steps == 0) {
      throw new InvalidRouteException(
          "phase", "it is in a step, but has no steps: give 'steps', or write another phase");
    }
    if (step < 0 || step > Math.max(0, steps - 1)) {
      throw new InvalidRouteException(
          "step",
          "there is no step "
              + step
              + " among "
              + steps
              + (steps == 0 ? ": remove it" : ": write 0 to " + (steps - 1)));
    }
  }

  /** The same, paused or not. */
  public RunningSwitch withPaused(boolean newPaused) {
    return new RunningSwitch(id, to, from, options, phase, step, newPaused);
  }
}
