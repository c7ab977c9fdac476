package io.proxyetc.internal.health;

import io.proxyetc.Ejection;
import io.proxyetc.Health;
import io.proxyetc.internal.target.GroupState;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.HealthEvent;
import java.time.Clock;
import java.util.List;
import java.util.Set;
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
    if (target.retired()) {
      return; // nobody asks any more how it does
    }
    Ejection ejection = health.ejection();
    boolean news =
        target.eject(
            nowNanos,
            ejection.time().toNanos(),
            ejection.maxTime().toNanos(),
            mayEject(target, group, ejection, nowNanos));
    if (news && health.check().isEmpty()) {
      tell(target, group, why);
    }
  }

  /**
   * What is beyond the share stays, and so does the last one that could serve. Of those that get
   * traffic: others are no help. Several threads at once may go beyond it: then all of them are a
   * last resort.
   */
  private static boolean mayEject(
      TargetState target, List<TargetState> group, Ejection ejection, long nowNanos) {
    int all = 0;
    int ejected = 0;
    int othersLeft = 0;
    for (TargetState each : group) {
      if (each.wanted() && each.target().weight() > 0) {
        boolean is = each.ejected(nowNanos);
        all++;
        ejected += is ? 1 : 0;
        othersLeft += each != target && !is && each.healthy() ? 1 : 0;
      }
    }
    return othersLeft > 0 && ejected < all * ejection.share() / 100;
  }

  /** A target that was in trouble has answered: {@link TargetState#worked} gave true. */
  public void recovered(TargetState target, List<TargetState> group, Health health, long nowNanos) {
    if (target.retired()) {
      return;
    }
    if (!health.slowStart().isZero()) {
      target.rise(nowNanos, health.slowStart().toNanos());
    }
    if (target.toldDown()) { // whether or not there are probes by now
      tell(target, group, "it answers requests again");
    }
  }

  /**
   * These are retired: what is wrong with them is of no interest any more.
   *
   * @param stillThere the groups of their route that are live
   */
  public synchronized void retired(List<TargetState> targets, Set<GroupState> stillThere) {
    for (TargetState target : targets) {
      target.worked();
      News.gone(target, clock, events); // also where it answered since it was retired
      if (!stillThere.contains(target.group())) {
        News.gone(target.group(), clock, events);
      }
    }
  }

  /**
   * One after the other, and each as it is by then: whoever saw an older state, and comes late,
   * must not have the last word.
   */
  private synchronized void tell(TargetState target, List<TargetState> group, String why) {
    if (target.retired()) {
      return;
    }
    News.settle(target, group, why, clock, events);
    News.settle(target.group(), group, true, clock, events);
  }
}
