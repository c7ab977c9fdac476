package io.proxyetc.internal.health;

import io.proxyetc.internal.target.GroupState;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.HealthEvent;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is left of a group, in words; and the one place that tells people of it, and of targets that
 * requests fail at: what was told is known by the group and the target.
 *
 * @param group which
 * @param serving how many of its targets are wanted and work
 * @param all how many it has
 */
record News(GroupState group, int serving, int all) {
  /** As it is now. */
  static News of(GroupState group, List<TargetState> targets) {
    int serving = (int) targets.stream().filter(TargetState::serves).count();
    return new News(group, serving, targets.size());
  }

  /** Such as {@code shop/blue: 2 of 3 targets work}. */
  String left() {
    return group + ": " + serving + " of " + all + (all == 1 ? " target works" : " targets work");
  }

  /**
   * Tells that a group which gets traffic is empty, or serves again: each once, and as it is by
   * now.
   *
   * @param known whether it is more than assumed of those that do not work
   */
  static void settle(
      GroupState group,
      List<TargetState> targets,
      boolean known,
      Clock clock,
      Consumer<HealthEvent> events) {
    synchronized (group) { // what was seen earlier must not be told later
      News now = of(group, targets);
      if (now.serving == 0 && known && !group.toldEmpty()) {
        group.toldEmpty(true);
        tell(HealthEvent.Kind.GROUP_EMPTY, group.toString(), why(targets), clock, events);
      } else if (now.serving > 0 && group.toldEmpty()) {
        group.toldEmpty(false);
        tell(HealthEvent.Kind.GROUP_SERVES, group.toString(), now.left(), clock, events);
      }
    }
  }

  private static String why(List<TargetState> targets) {
    int all = targets.size();
    if (all == 0) {
      return "it has no targets";
    }
    long wanted = targets.stream().filter(TargetState::wanted).count();
    if (wanted == 0) {
      return "none of its targets is ready";
    }
    if (wanted < all) {
      return "none of its " + all + " targets works and is ready";
    }
    return all == 1 ? "its target does not work" : "none of its " + all + " targets works";
  }

  /** It gets no more traffic: that it is empty is of no interest any more. */
  static void gone(GroupState group, Clock clock, Consumer<HealthEvent> events) {
    synchronized (group) {
      if (group.toldEmpty()) {
        group.toldEmpty(false);
        String why = "it gets no more traffic";
        tell(HealthEvent.Kind.GROUP_GONE, group.toString(), why, clock, events);
      }
    }
  }

  /** Tells that requests fail at a target; or that they do no more, where that was told. */
  static void settle(
      TargetState target,
      List<TargetState> targets,
      String why,
      Clock clock,
      Consumer<HealthEvent> events) {
    synchronized (target.group()) {
      boolean down = target.inTrouble();
      if (down || target.toldDown()) {
        target.toldDown(down);
        HealthEvent.Kind kind = down ? HealthEvent.Kind.TARGET_DOWN : HealthEvent.Kind.TARGET_UP;
        String detail = why + "; " + of(target.group(), targets).left();
        tell(kind, subject(target), detail, clock, events);
      }
    }
  }

  /** It is retired: what its requests met with is of no interest any more. */
  static void gone(TargetState target, Clock clock, Consumer<HealthEvent> events) {
    synchronized (target.group()) {
      if (target.toldDown()) {
        target.toldDown(false);
        tell(HealthEvent.Kind.TARGET_GONE, subject(target), "removed", clock, events);
      }
    }
  }

  private static String subject(TargetState target) {
    return target.group() + " " + target.target().id();
  }

  private static void tell(
      HealthEvent.Kind kind,
      String subject,
      String detail,
      Clock clock,
      Consumer<HealthEvent> events) {
    events.accept(new HealthEvent(kind, subject, detail, clock.instant()));
  }
}
