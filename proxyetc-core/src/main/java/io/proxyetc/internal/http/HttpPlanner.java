package io.proxyetc.internal.http;

import io.proxyetc.Balancing;
import io.proxyetc.Drain;
import io.proxyetc.Health;
import io.proxyetc.HealthCheck;
import io.proxyetc.Route;
import io.proxyetc.RunningSwitch;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;
import io.proxyetc.internal.balance.Balancers;
import io.proxyetc.internal.balance.SessionKey;
import io.proxyetc.internal.balance.Stickiness;
import io.proxyetc.internal.balance.WeightedSequence;
import io.proxyetc.internal.health.CheckRules;
import io.proxyetc.internal.health.HealthBoard;
import io.proxyetc.internal.health.Observations;
import io.proxyetc.internal.table.Planner;
import io.proxyetc.internal.target.Drains;
import io.proxyetc.internal.target.GroupState;
import io.proxyetc.internal.target.RouteState;
import io.proxyetc.internal.target.SwitchCounts;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.internal.tls.ClientTls;
import io.proxyetc.internal.tls.TargetEngines;
import io.proxyetc.spi.Balancer;
import io.proxyetc.spi.StoredRoute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes routes ready for requests, and retires what they leave behind. Off the IO threads. */
public final class HttpPlanner implements Planner<HttpRoute> {
  private final TargetRegistry registry;
  private final Balancers balancers;
  private final ClientTls tls;
  private final Drains drains;
  private final Observations observations;
  private final HealthBoard health;
  private final Supplier<SessionKey> sessions;

  /**
   * @param sessions asked when there is a route with sticky sessions; may block
   */
  public HttpPlanner(
      TargetRegistry registry,
      Balancers balancers,
      ClientTls tls,
      Drains drains,
      Observations observations,
      HealthBoard health,
      Supplier<SessionKey> sessions) {
    this.registry = registry;
    this.balancers = balancers;
    this.tls = tls;
    this.drains = drains;
    this.observations = observations;
    this.health = health;
    this.sessions = sessions;
  }

  @Override
  public HttpRoute plan(StoredRoute stored, @Nullable HttpRoute previous) {
    try {
      return plan(stored.route());
    } catch (RuntimeException e) {
      if (previous == null) {
        registry.forget(stored.route().id()); // nobody else will
      }
      throw e;
    }
  }

  private HttpRoute plan(Route route) {
    balancers.check(route.balancing());
    CheckRules.check(route);
    RouteState state = registry.route(route.id());
    List<Ready> groups = new ArrayList<>(1);
    List<Integer> weights = new ArrayList<>(1);
    shares(route)
        .forEach(
            (name, weight) -> {
              TargetGroup group = route.groups().get(name);
              if (group != null) {
                groups.add(ready(route, state, group));
                weights.add(weight);
              }
            });
    if (groups.isEmpty()) {
      return new HttpRoute(
          route, state.group(""), List.of(), HttpRoute.NOWHERE, null, null, null, null, null);
    }
    Ready first = groups.get(0);
    return new HttpRoute(
        route,
        first.state,
        first.targets,
        first.picker,
        first.engines,
        first.counts,
        route.rateLimit().map(limit -> registry.limiter(route.id(), limit)).orElse(null),
        split(route, state, groups, weights),
        session(route, groups, weights));
  }

  /** Clients are kept in groups that get traffic: after a switch all go to the new one. */
  private @Nullable SessionCookie session(Route route, List<Ready> groups, List<Integer> weights) {
    if (route.session().isEmpty()) {
      return null;
    }
    List<List<TargetState>> kept = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      kept.add(weights.get(i) > 0 ? groups.get(i).targets : List.of());
    }
    return new SessionCookie(
        route.id(), route.session().get(), Stickiness.of(sessions.get(), kept));
  }

  /**
   * The groups that get traffic, with their weights; and with weight 0 the one that a running
   * switch leads to, so that its health is known before it gets any.
   */
  private static Map<String, Integer> shares(Route route) {
    Map<String, Integer> weights = route.active().weights();
    if (weights.size() == 1 && route.running().isEmpty()) {
      return weights;
    }
    Map<String, Integer> shares = new LinkedHashMap<>(weights);
    shares.values().removeIf(weight -> weight == 0);
    route.running().ifPresent(running -> shares.putIfAbsent(running.to(), 0));
    return shares;
  }

  /** What a group needs besides its route. */
  private record Ready(
      GroupState state,
      List<TargetState> targets,
      Balancer.Picker picker,
      @Nullable TargetEngines engines,
      @Nullable SwitchCounts counts) {
    HttpGroup of(Route route) {
      return new HttpGroup(route, state, targets, picker, engines, counts);
    }
  }

  private Ready ready(Route route, RouteState state, TargetGroup group) {
    HealthCheck.Initial initial =
        route.healthOf(group).check().map(HealthCheck::initial).orElse(HealthCheck.Initial.UP);
    List<TargetState> targets =
        group.targets().stream()
            .map(t -> registry.target(route.id(), group.name(), t, group.tls(), initial))
            .toList();
    GroupState live = state.group(group.name());
    if (route.capacity().maxRequests() > 0) {
      live.load(targets).limited();
    } else if (live.loaded()) {
      live.load(targets);
    }
    return new Ready(
        live,
        targets,
        balancers.picker(route.balancing(), targets, live::cursor, inFlight(route, live, targets)),
        group.targets().stream().anyMatch(Target::secure) ? tls.engines(group.tls()) : null,
        counts(route, state, group));
  }

  /** What is in flight in a group is counted only for the balancer that wants to know. */
  private static IntSupplier inFlight(Route route, GroupState group, List<TargetState> targets) {
    return route.balancing().name().equals(Balancing.CONSISTENT_HASH)
        ? group.load(targets)::inFlight
        : () -> 0;
  }

  private static String phase(RunningSwitch running) {
    return running.phase() + " " + running.step();
  }

  private static @Nullable SwitchCounts counts(Route route, RouteState state, TargetGroup group) {
    return route
        .running()
        .filter(running -> running.to().equals(group.name()))
        .map(running -> state.switchCounts(running.id(), running.to(), phase(running)))
        .orElse(null);
  }

  private static HttpRoute.@Nullable Split split(
      Route route, RouteState state, List<Ready> groups, List<Integer> weights) {
    if (groups.size() == 1) {
      return null;
    }
    HttpGroup[] others =
        groups.stream().skip(1).map(ready -> ready.of(route)).toArray(HttpGroup[]::new);
    int[] shares = weights.stream().mapToInt(Integer::intValue).toArray();
    return new HttpRoute.Split(others, WeightedSequence.of(shares), state.groupCursor());
  }

  @Override
  public void live(String id, HttpRoute now) {
    registry.route(id).changed(); // before what is left behind is forgotten
    Map<TargetState, Target> used = new HashMap<>();
    Set<GroupState> groups = new HashSet<>();
    for (HttpGroup group : now.groups()) {
      groups.add(group.state());
      List<TargetState> targets = group.targets();
      for (int i = 0; i < targets.size(); i++) {
        used.put(targets.get(i), group.said(i));
      }
    }
    Drain drain = now.route().drain();
    retired(registry.retainTargets(id, used.keySet()), drain, groups);
    drains.live(used, drain);
    health.live(id, now.leadsNowhere() ? List.of() : watched(now));
  }

  private List<HealthBoard.Group> watched(HttpRoute now) {
    Route route = now.route();
    List<HealthBoard.Group> watched = new ArrayList<>(1);
    for (HttpGroup group : now.groups()) {
      int weight = route.active().weights().getOrDefault(group.state().name(), 0);
      Health its = group.health();
      if (weight == 0 && its.check().isEmpty()) {
        its = its.withCheck(HealthCheck.tcp()); // a switch wants to know before it goes there
      }
      TargetEngines engines = group.engines();
      watched.add(
          new HealthBoard.Group(
              group.state(),
              group.targets(),
              its,
              engines == null ? null : engines::probe,
              weight > 0));
    }
    return watched;
  }

  private void retired(List<TargetState> targets, Drain drain, Set<GroupState> stillThere) {
    drains.retired(targets, drain);
    observations.retired(targets, stillThere);
  }

  @Override
  public void dropped(String id, HttpRoute previous) {
    registry.route(id).changed();
    retired(registry.forget(id), previous.route().drain(), Set.of());
    health.gone(id);
  }
}
