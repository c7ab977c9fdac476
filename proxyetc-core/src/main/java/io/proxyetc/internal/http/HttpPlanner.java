package io.proxyetc.internal.http;

import io.proxyetc.Route;
import io.proxyetc.RunningSwitch;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;
import io.proxyetc.internal.balance.Balancers;
import io.proxyetc.internal.balance.WeightedSequence;
import io.proxyetc.internal.table.Planner;
import io.proxyetc.internal.target.RouteState;
import io.proxyetc.internal.target.SwitchCounts;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.internal.tls.ClientTls;
import io.proxyetc.internal.tls.TargetEngines;
import io.proxyetc.spi.Balancer;
import io.proxyetc.spi.StoredRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes routes ready for requests, and retires what they leave behind. Off the IO threads. */
public final class HttpPlanner implements Planner<HttpRoute> {
  private final TargetRegistry registry;
  private final Balancers balancers;
  private final ClientTls tls;

  public HttpPlanner(TargetRegistry registry, Balancers balancers, ClientTls tls) {
    this.registry = registry;
    this.balancers = balancers;
    this.tls = tls;
  }

  @Override
  public HttpRoute plan(StoredRoute stored, @Nullable HttpRoute previous) {
    Route route = stored.route();
    balancers.check(route.balancing());
    RouteState state = registry.route(route.id());
    List<Ready> groups = new ArrayList<>(1);
    List<Integer> weights = new ArrayList<>(1);
    for (Map.Entry<String, Integer> active : route.active().weights().entrySet()) {
      TargetGroup group = route.groups().get(active.getKey());
      if (active.getValue() > 0 && group != null) {
        groups.add(ready(route, state, group));
        weights.add(active.getValue());
      }
    }
    if (groups.isEmpty()) {
      return new HttpRoute(route, "", List.of(), HttpRoute.NOWHERE, null, null, null);
    }
    Ready first = groups.get(0);
    return new HttpRoute(
        route,
        first.name,
        first.targets,
        first.picker,
        first.engines,
        first.counts,
        split(route, state, groups, weights));
  }

  /** What a group needs besides its route. */
  private record Ready(
      String name,
      List<TargetState> targets,
      Balancer.Picker picker,
      @Nullable TargetEngines engines,
      @Nullable SwitchCounts counts) {
    HttpGroup of(Route route) {
      return new HttpGroup(route, name, targets, picker, engines, counts);
    }
  }

  private Ready ready(Route route, RouteState state, TargetGroup group) {
    List<TargetState> targets =
        group.targets().stream()
            .map(t -> registry.target(route.id(), group.name(), t, group.tls()))
            .toList();
    return new Ready(
        group.name(),
        targets,
        balancers.picker(route.balancing(), targets, () -> state.cursor(group.name())),
        group.targets().stream().anyMatch(Target::secure) ? tls.engines(group.tls()) : null,
        counts(route, state, group));
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
    registry.retainTargets(id, Set.copyOf(now.allTargets()));
  }

  @Override
  public void dropped(String id, HttpRoute previous) {
    registry.forget(id);
  }
}
