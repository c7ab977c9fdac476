package io.proxyetc.internal.assembly;

import io.proxyetc.Active;
import io.proxyetc.Route;
import io.proxyetc.RunningSwitch;
import io.proxyetc.RunningSwitch.Phase;
import io.proxyetc.SwitchOptions;
import io.proxyetc.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What the record of a switch means for its route, and what comes after it. Pure. */
final class SwitchSteps {
  private SwitchSteps() {}

  /**
   * Where a switch is.
   *
   * @param step 0 in other phases than {@link Phase#STEP}
   */
  record Position(Phase phase, int step) implements Comparable<Position> {
    static Position of(RunningSwitch running) {
      return new Position(running.phase(), running.phase() == Phase.STEP ? running.step() : 0);
    }

    @Override
    public int compareTo(Position other) {
      int order = phase.compareTo(other.phase);
      return order != 0 ? order : Integer.compare(step, other.step);
    }
  }

  /** Where a switch begins; empty: it is over at once. */
  static Optional<Position> first(SwitchOptions options) {
    return options.preflight().isZero()
        ? after(new Position(Phase.PREFLIGHT, 0), options)
        : Optional.of(new Position(Phase.PREFLIGHT, 0));
  }

  /** What comes next; empty: the switch is done. */
  static Optional<Position> after(Position position, SwitchOptions options) {
    int step =
        switch (position.phase()) {
          case PREFLIGHT -> 0;
          case STEP -> position.step() + 1;
          case WATCH -> Integer.MAX_VALUE;
        };
    if (step < options.steps().size()) {
      return Optional.of(new Position(Phase.STEP, step));
    }
    boolean watch = position.phase() != Phase.WATCH && !options.watch().isZero();
    return watch ? Optional.of(new Position(Phase.WATCH, 0)) : Optional.empty();
  }

  /** The route of a switch, moved to another position; empty: to its end. */
  static Route moved(Route route, RunningSwitch running, Optional<Position> to) {
    if (to.isEmpty()) {
      return ended(route, Active.group(running.to()));
    }
    Position position = to.get();
    RunningSwitch moved =
        new RunningSwitch(
            running.id(),
            running.to(),
            running.from(),
            running.options(),
            position.phase(),
            Math.min(position.step(), Math.max(0, running.options().steps().size() - 1)),
            running.paused());
    return route.toBuilder().active(active(moved)).running(Optional.of(moved)).build();
  }

  /** The route without its switch. */
  static Route ended(Route route, Active active) {
    return route.toBuilder().active(active).running(Optional.empty()).build();
  }

  /** What is active while a switch is where it is. */
  static Active active(RunningSwitch running) {
    return switch (running.phase()) {
      case PREFLIGHT -> running.from();
      case STEP ->
          share(
              running.from(),
              running.to(),
              running.options().steps().get(running.step()).percent());
      case WATCH -> Active.group(running.to());
    };
  }

  /** Whether a route's traffic goes where its switch says; else somebody has changed it. */
  static boolean asRecorded(Route route, RunningSwitch running) {
    return same(route.active(), active(running));
  }

  /** A part of the traffic for one group; the others share the rest as they shared all of it. */
  static Active share(Active from, String to, int percent) {
    Map<String, Integer> others = new LinkedHashMap<>(from.weights());
    others.remove(to);
    others = lean(others);
    if (others.isEmpty()) {
      return Active.group(to);
    }
    int sum = others.values().stream().mapToInt(Integer::intValue).sum();
    Map<String, Integer> weights = new LinkedHashMap<>();
    others.forEach((group, weight) -> weights.put(group, (100 - percent) * weight));
    weights.put(to, percent * sum);
    int most = weights.values().stream().mapToInt(Integer::intValue).max().orElseThrow();
    if (most > Target.MAX_WEIGHT) {
      weights.replaceAll(
          (group, weight) ->
              Math.max(1, (int) Math.round((double) weight * Target.MAX_WEIGHT / most)));
    }
    return new Active(weights);
  }

  /** Whether both lead the same parts of the traffic to the same groups. */
  static boolean same(Active a, Active b) {
    return lean(a.weights()).equals(lean(b.weights()));
  }

  /** Without groups that get nothing, and divided by what the weights have in common. */
  private static Map<String, Integer> lean(Map<String, Integer> weights) {
    Map<String, Integer> lean = new LinkedHashMap<>(weights);
    lean.values().removeIf(weight -> weight == 0);
    int divisor = 0;
    for (int weight : lean.values()) {
      divisor = gcd(weight, divisor);
    }
    int common = divisor;
    lean.replaceAll((group, weight) -> weight / common);
    return lean;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
