package io.proxyetc.internal.http;

import io.proxyetc.Health;
import io.proxyetc.Route;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;
import io.proxyetc.internal.http.loop.GroupMeter;
import io.proxyetc.internal.http.loop.GroupMeters;
import io.proxyetc.internal.target.GroupState;
import io.proxyetc.internal.target.PendingQueue;
import io.proxyetc.internal.target.SwitchCounts;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.internal.tls.TargetEngines;
import io.proxyetc.spi.Balancer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A group of targets made ready for requests. Immutable, but for the live states it points to and
 * what it finds out by itself.
 */
class HttpGroup {
  private static final TargetState[] NONE = {};

  private final Route route;
  private final GroupState state;
  private final Balancer.Picker picker;

  /** The target of a group that has one: most have, and it is reached in one step less. */
  private final @Nullable TargetState only;

  private final TargetState[] several;
  private final @Nullable TargetEngines engines;

  /** Where it is counted besides while a switch leads to it. */
  private final @Nullable SwitchCounts counts;

  /** How many requests a target takes at once. */
  private final int maxRequests;

  /** Who waits for room; null: nobody has yet. Every thread finds the same. */
  private @Nullable PendingQueue pending;

  /** Whether those who wait hear of free sockets. Every thread does the same. */
  private boolean watched;

  /** Under which number it is counted; -1: not counted yet. Every thread finds out the same. */
  private int meter = -1;

  HttpGroup(
      Route route,
      GroupState state,
      List<TargetState> targets,
      Balancer.Picker picker,
      @Nullable TargetEngines engines,
      @Nullable SwitchCounts counts) {
    this.route = route;
    this.state = state;
    this.picker = picker;
    this.only = targets.size() == 1 ? targets.get(0) : null;
    this.several = targets.size() == 1 ? NONE : targets.toArray(NONE);
    this.engines = engines;
    this.counts = counts;
    int most = route.capacity().maxRequests();
    this.maxRequests = most == 0 ? Integer.MAX_VALUE : most;
  }

  Route route() {
    return route;
  }

  /** Its live side. */
  GroupState state() {
    return state;
  }

  /** How it is found out which of its targets work. */
  Health health() {
    TargetGroup group = route.groups().get(state.name());
    return group == null ? route.health() : route.healthOf(group);
  }

  Balancer.Picker picker() {
    return picker;
  }

  /** The target that the picker means. */
  TargetState target(int index) {
    TargetState single = only;
    return single != null ? single : several[index];
  }

  int size() {
    return only != null ? 1 : several.length;
  }

  List<TargetState> targets() {
    TargetState single = only;
    return single != null ? List.of(single) : List.of(several);
  }

  /** What the route says of a target. */
  Target said(int index) {
    TargetGroup group = route.groups().get(state.name());
    return group == null ? target(index).target() : group.targets().get(index);
  }

  /** For those of its targets that are reached over TLS; null where there is none. */
  @Nullable TargetEngines engines() {
    return engines;
  }

  /** A target answered, so many nanoseconds after the request was there. Only on IO threads. */
  void answered(GroupMeters meters, int status, long nanos) {
    meter(meters).answered(status, nanos);
    SwitchCounts switching = counts;
    if (switching != null) {
      switching.add(status >= 500);
    }
  }

  /** No target answered. Only on IO threads. */
  void failed(GroupMeters meters) {
    meter(meters).failed();
    SwitchCounts switching = counts;
    if (switching != null) {
      switching.add(true);
    }
  }

  int maxRequests() {
    return maxRequests;
  }

  /** Who waits for room at its targets; from the first time on newcomers stand back for them. */
  PendingQueue pending() {
    PendingQueue known = pending;
    if (known == null) {
      known = state.load(targets()).pending();
      pending = known;
    }
    return known;
  }

  /** From now on they hear of free sockets, too. Gives false where they have before. */
  boolean watchSockets() {
    if (watched) {
      return false;
    }
    PendingQueue told = pending();
    targets().forEach(target -> target.address().watch(told));
    watched = true;
    return true;
  }

  /** How long the first of its targets that are ejected stays so, in nanoseconds; 0: none is. */
  long nextRecovery(long nowNanos) {
    long soonest = 0;
    for (TargetState target : targets()) {
      long left = target.ejectedFor(nowNanos);
      soonest = left > 0 && (soonest == 0 || left < soonest) ? left : soonest;
    }
    return soonest;
  }

  /** Whether a target may have room for another request, as far as their number goes. */
  boolean mayHaveRoom() {
    for (TargetState target : targets()) {
      if (target.inFlight() < maxRequests && !target.retired()) {
        return true;
      }
    }
    return false;
  }

  /** Where an IO thread counts what this group answers: under {@code route/group}. */
  GroupMeter meter(GroupMeters meters) {
    int number = meter;
    if (number < 0) {
      number = meters.number(route.id() + "/" + state.name());
      meter = number;
    }
    return meters.get(number);
  }
}
