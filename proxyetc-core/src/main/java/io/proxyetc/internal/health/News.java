package io.proxyetc.internal.health;

import io.proxyetc.internal.target.GroupState;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.HealthEvent;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * What is left of a group, in words.
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

  /** Behind the event of a target of it: whether it was the last one, or the first again. */
  void tellWhetherItServes(boolean down, Instant at, Consumer<HealthEvent> events) {
    if (down && serving == 0) {
      String none = all == 1 ? "its target does not work" : "none of its " + all + " targets works";
      group.toldEmpty(true);
      events.accept(new HealthEvent(HealthEvent.Kind.GROUP_EMPTY, group.toString(), none, at));
    } else if (!down) {
      tellWhetherItServesAgain(at, events);
    }
  }

  /** Where it was told as empty and is not: others may have come, or several at once. */
  void tellWhetherItServesAgain(Instant at, Consumer<HealthEvent> events) {
    if (serving > 0 && group.toldEmpty()) {
      group.toldEmpty(false);
      events.accept(new HealthEvent(HealthEvent.Kind.GROUP_SERVES, group.toString(), left(), at));
    }
  }
}
