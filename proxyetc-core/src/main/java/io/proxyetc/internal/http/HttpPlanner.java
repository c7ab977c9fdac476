package io.proxyetc.internal.http;

import io.proxyetc.Route;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;
import io.proxyetc.internal.balance.Balancers;
import io.proxyetc.internal.balance.WeightedSequence;
import io.proxyetc.internal.http.relay.CompiledRules;
import io.proxyetc.internal.http.relay.PathRewrite;
import io.proxyetc.internal.http.relay.RequestRelay;
import io.proxyetc.internal.table.Planner;
import io.proxyetc.internal.target.RouteState;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.internal.tls.ClientTls;
import io.proxyetc.spi.StoredRoute;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes routes ready for requests, and retires what they leave behind. Off the IO threads. */
public final class HttpPlanner implements Planner<HttpRoute> {
  private static final RequestRelay.Rules NO_RULES = new RequestRelay.Rules(null, null, null);

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
    balancers.check(route.balancer());
    RouteState state = registry.route(route.id());
    List<HttpRoute.Group> groups = new ArrayList<>(1);
    List<Integer> weights = new ArrayList<>(1);
    for (Map.Entry<String, Integer> active : route.active().weights().entrySet()) {
      TargetGroup group = route.groups().get(active.getKey());
      if (active.getValue() > 0 && group != null) {
        groups.add(group(route, state, group));
        weights.add(active.getValue());
      }
    }
    return new HttpRoute(
        route,
        state,
        groups.toArray(HttpRoute.Group[]::new),
        groups.size() > 1
            ? WeightedSequence.of(weights.stream().mapToInt(Integer::intValue).toArray())
            : null,
        rules(route),
        CompiledRules.of(route.response()));
  }

  private HttpRoute.Group group(Route route, RouteState state, TargetGroup group) {
    List<TargetState> targets =
        group.targets().stream()
            .map(t -> registry.target(route.id(), group.name(), t, group.tls()))
            .toList();
    return new HttpRoute.Group(
        route.id() + "/" + group.name(),
        targets,
        balancers.picker(route.balancer(), targets, state.cursor(group.name())),
        group.targets().stream().anyMatch(Target::secure) ? tls.engines(group.tls()) : null);
  }

  private static RequestRelay.Rules rules(Route route) {
    CompiledRules fields = CompiledRules.of(route.request());
    PathRewrite path =
        route.path().map(rule -> new PathRewrite(route.match().path(), rule)).orElse(null);
    byte[] host =
        route.hostHeader() instanceof Route.HostHeader.Fixed fixed
            ? fixed.name().getBytes(StandardCharsets.US_ASCII)
            : null;
    return fields == null && path == null && host == null
        ? NO_RULES
        : new RequestRelay.Rules(fields, path, host);
  }

  @Override
  public void live(String id, HttpRoute now) {
    Set<TargetState> used = new HashSet<>();
    for (HttpRoute.Group group : now.groups()) {
      used.addAll(group.targets());
    }
    registry.retainTargets(id, used);
  }

  @Override
  public void dropped(String id, HttpRoute previous) {
    registry.forget(id);
  }
}
