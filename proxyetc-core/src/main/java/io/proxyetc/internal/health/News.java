package io.proxyetc.internal.health;

import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.HealthEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Puts into words that a target of a group works no more, or again, and what is left of it. */
final class News {
  private final String target;
  private final String group;
  private final int serving;
  private final int all;
  private final Instant now;

  private News(String target, String group, int serving, int all, Instant now) {
    this.target = target;
    this.group = group;
    this.serving = serving;
    this.all = all;
    this.now = now;
  }

  /** About one target; the state of its group is counted now. */
  static News of(TargetState target, List<TargetState> group, Clock clock) {
    int serving = (int) group.stream().filter(TargetState::serves).count();
    return new News(
        target.group() + " " + target.target().id(),
        target.group().toString(),
        serving,
        group.size(),
        clock.instant());
  }

  void down(String why, Consumer<HealthEvent> events) {
    tell(HealthEvent.Kind.TARGET_DOWN, target, why + "; " + left(), events);
    if (serving == 0) {
      tell(HealthEvent.Kind.GROUP_EMPTY, group, "none of its " + all + " targets works", events);
    }
  }

  void up(String why, Consumer<HealthEvent> events) {
    tell(HealthEvent.Kind.TARGET_UP, target, why + "; " + left(), events);
    if (serving == 1) {
      tell(HealthEvent.Kind.GROUP_SERVES, group, left(), events);
    }
  }

  private String left() {
    return group + ": " + serving + " of " + all + (all == 1 ? " target works" : " targets work");
  }

  private void tell(
      HealthEvent.Kind kind, String subject, String detail, Consumer<HealthEvent> events) {
    events.accept(new HealthEvent(kind, subject, detail, now));
  }
}
