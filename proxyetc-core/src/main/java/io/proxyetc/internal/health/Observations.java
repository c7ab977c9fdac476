package io.proxyetc.internal.health;

import io.proxyetc.Ejection;
import io.proxyetc.Health;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.HealthEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * What requests find out about targets: those that fail are ejected for a while. Safe for any
 * thread; nothing blocks. Where a target is probed, its probes tell people whether it works; where
 * it is not, this does.
 */
public final class Observations {
  private final Consumer<HealthEvent> events;
  private final Clock clock;

  /**
   * @param events must not block
   */
  public Observations(Consumer<HealthEvent> events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  /**
   * A connect failed: that is proof enough.
   *
   * @param group all targets of the target's group
   * @param nowNanos in {@link System#nanoTime} time
   */
  public void connectFailed(
      TargetState target, List<TargetState> group, Health health, String why, long nowNanos) {
    eject(target, group, health, why, nowNanos);
  }

  /** A request got no answer, or one of those that count as failures. */
  public void failed(
      TargetState target, List<TargetState> group, Health health, String why, long nowNanos) {
    int most = health.ejection().failures();
    if (target.failed(most)) {
      eject(target, group, health, why + " (" + most + " requests in a row)", nowNanos);
    }
  }

  private void eject(
      TargetState target, List<TargetState> group, Health health, String why, long nowNanos) {
    Ejection ejection = health.ejection();
    boolean worked =
        target.eject(
            nowNanos,
            ejection.time().toNanos(),
            ejection.maxTime().toNanos(),
            mayEject(group, ejection, nowNanos));
    if (worked && health.check().isEmpty()) {
      tell(HealthEvent.Kind.TARGET_DOWN, target, group, why);
    }
  }

  /** One stays in any case, and so does what is beyond the share. */
  private static boolean mayEject(List<TargetState> group, Ejection ejection, long nowNanos) {
    int ejected = 0;
    for (TargetState each : group) {
      ejected += each.ejected(nowNanos) ? 1 : 0;
    }
    int most = Math.min(group.size() * ejection.share() / 100, group.size() - 1);
    return ejected < most;
  }

  /** A target that was in trouble has answered: {@link TargetState#worked} gave true. */
  public void recovered(TargetState target, List<TargetState> group, Health health, long nowNanos) {
    if (!health.slowStart().isZero()) {
      target.rise(nowNanos, health.slowStart().toNanos());
    }
    if (health.check().isEmpty()) {
      tell(HealthEvent.Kind.TARGET_UP, target, group, "it answers requests again");
    }
  }

  /** These are in no route any more: what is wrong with them is of no interest. */
  public void retired(List<TargetState> targets) {
    for (TargetState target : targets) {
      if (target.worked()) {
        events.accept(
            new HealthEvent(
                HealthEvent.Kind.TARGET_GONE, subject(target), "removed", clock.instant()));
      }
    }
  }

  private void tell(
      HealthEvent.Kind kind, TargetState target, List<TargetState> group, String why) {
    News news = News.of(target.group(), group);
    Instant now = clock.instant();
    events.accept(new HealthEvent(kind, subject(target), why + "; " + news.left(), now));
    news.tellWhetherItServes(kind == HealthEvent.Kind.TARGET_DOWN, now, events);
  }

  private static String subject(TargetState target) {
    return target.group() + " " + target.target().id();
  }
}
