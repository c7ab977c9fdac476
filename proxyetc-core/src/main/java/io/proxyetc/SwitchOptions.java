package io.proxyetc;

import java.time.Duration;
import java.util.List;

/**
 * How a route goes over to another group.
 *
 * <pre>{@code
 * preflight --> step 1 --> step 2 ... --> all of it --> watch --> done
 *     |            \_________________________________/
 *     v not healthy in time                | too many errors
 *  nothing was switched                    v
 *                                  back to what was active
 * }</pre>
 *
 * @param preflight how long the targets of the new group may take until all of them that are READY
 *     are HEALTHY: before that nothing is switched. Zero: they are not waited for
 * @param steps parts of the traffic that go before the rest; empty: all of it at once
 * @param watch how long the new group is watched when it has all of the traffic. Zero: not at all
 * @param maxErrors the share of the new group's requests that may fail (5xx, or no answer) while it
 *     is watched, in percent: beyond that the switch goes back by itself. 100: it never does
 * @param minRequests so few requests are not judged
 */
public record SwitchOptions(
    Duration preflight, List<Step> steps, Duration watch, int maxErrors, int minRequests) {
  /** All at once, with nothing waited for or watched. */
  public static final SwitchOptions AT_ONCE =
      new SwitchOptions(Duration.ZERO, List.of(), Duration.ZERO, 100, 20);

  /** Healthy within 30 s first; watched for 60 s then, with 5 % of errors at most. */
  public static final SwitchOptions SAFE =
      new SwitchOptions(Duration.ofSeconds(30), List.of(), Duration.ofSeconds(60), 5, 20);

  private static final int MOST_STEPS = 100;

  /**
   * A part of the traffic for a while.
   *
   * @param percent 1 to 99
   * @param time how long, before the next step
   */
  public record Step(int percent, Duration time) {
    public Step {
      if (percent < 1 || percent > 99) {
        throw new InvalidRouteException(
            "percent",
            percent
                + " is not between 1 and 99: all of the traffic follows the last step by itself");
      }
      Bounds.check("time", time, Duration.ofMillis(100), Duration.ofDays(7), false);
    }
  }

  public SwitchOptions {
    Duration least = Duration.ofMillis(100);
    Bounds.check("preflight", preflight, least, Duration.ofDays(1), true);
    steps = List.copyOf(steps);
    if (steps.size() > MOST_STEPS) {
      throw new InvalidRouteException(
          "steps", steps.size() + " steps are too many: write " + MOST_STEPS + " at most");
    }
    Bounds.check("watch", watch, least, Duration.ofDays(7), true);
    Bounds.check("maxErrors", maxErrors, 0, 100);
    Bounds.check("minRequests", minRequests, 1, 1_000_000);
  }

  /** The same, but waiting so long at most for healthy targets before. */
  public SwitchOptions withPreflight(Duration deadline) {
    return new SwitchOptions(deadline, steps, watch, maxErrors, minRequests);
  }

  /** The same in steps. */
  public SwitchOptions withSteps(List<Step> newSteps) {
    return new SwitchOptions(preflight, newSteps, watch, maxErrors, minRequests);
  }

  /** The same, but going back by itself where more than this share fails within this time. */
  public SwitchOptions withWatch(Duration time, int percentOfErrors) {
    return new SwitchOptions(preflight, steps, time, percentOfErrors, minRequests);
  }

  /** Whether the switch is over as soon as it is made. */
  public boolean atOnce() {
    return preflight.isZero() && steps.isEmpty() && watch.isZero();
  }
}
