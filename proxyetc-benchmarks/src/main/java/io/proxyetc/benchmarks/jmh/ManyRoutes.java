package io.proxyetc.benchmarks.jmh;

import io.proxyetc.Route;
import io.proxyetc.internal.map.PersistentMap;
import io.proxyetc.internal.table.Planner;
import io.proxyetc.internal.table.RouteTable;
import io.proxyetc.internal.table.RouteTables;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.StoredRoute;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * As many routes as wanted, a host and a target each, as a memory store and the tables hold them.
 */
final class ManyRoutes {
  /** What a match leads to: as small a plan as can serve a request. */
  record Plan(StoredRoute route, TargetState target) {}

  private final TargetRegistry registry = new TargetRegistry();
  private final RouteTables<Plan> tables = new RouteTables<>(new PlanOneTarget());
  private PersistentMap<String, StoredRoute> stored = PersistentMap.empty();
  private long revision;

  ManyRoutes(int count) {
    for (int i = 0; i < count; i++) {
      Route route = route(i, 0);
      stored = stored.with(route.id(), new StoredRoute(route, 1));
    }
    install(Set.of());
  }

  /** Puts a route again, with a target of its own; live when this returns. */
  RouteTable<Plan> put(int number, int version) {
    Route route = route(number, version);
    stored = stored.with(route.id(), new StoredRoute(route, revision + 1));
    return install(Set.of(route.id()));
  }

  RouteTable<Plan> table() {
    return tables.current();
  }

  private RouteTable<Plan> install(Set<String> changed) {
    revision++;
    return tables.install(new RouteSnapshot(revision, stored, changed, Map.of(), false));
  }

  static Route route(int number, int version) {
    String url = "http://10." + number / 65_536 + "." + number / 256 % 256 + "." + number % 256;
    return Route.builder("route-" + number)
        .host(HostKey.host(number))
        .to(url + ":" + (8_080 + version % 100))
        .build();
  }

  private final class PlanOneTarget implements Planner<Plan> {
    @Override
    public Plan plan(StoredRoute stored, @Nullable Plan previous) {
      Route route = stored.route();
      var group = route.groups().values().iterator().next();
      TargetState target =
          registry.target(route.id(), group.name(), group.targets().get(0), group.tls());
      return new Plan(stored, target);
    }

    @Override
    public void live(String id, Plan now) {
      registry.retainTargets(id, Set.of(now.target()));
    }

    @Override
    public void dropped(String id, Plan previous) {
      registry.forget(id);
    }
  }
}
