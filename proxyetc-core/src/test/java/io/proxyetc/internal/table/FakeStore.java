package io.proxyetc.internal.table;

import io.proxyetc.Route;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.StoredRoute;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Collects changes and gives the snapshot that a store would give. */
final class FakeStore {
  private final Map<String, StoredRoute> routes = new TreeMap<>();
  private final Set<String> changed = new TreeSet<>();
  private final Map<String, String> invalid = new TreeMap<>();
  private long revision;

  FakeStore put(Route... several) {
    for (Route route : several) {
      routes.put(route.id(), new StoredRoute(route, revision + 1));
      changed.add(route.id());
      invalid.remove(route.id());
    }
    return this;
  }

  FakeStore delete(String... ids) {
    for (String id : ids) {
      routes.remove(id);
      changed.add(id);
      invalid.remove(id);
    }
    return this;
  }

  /** The store finds something under this id that it cannot read. */
  FakeStore garble(String id, String reason) {
    delete(id);
    invalid.put(id, reason);
    return this;
  }

  Map<String, StoredRoute> routes() {
    return routes;
  }

  RouteSnapshot snapshot() {
    RouteSnapshot snapshot =
        new RouteSnapshot(
            ++revision, Map.copyOf(routes), Set.copyOf(changed), Map.copyOf(invalid), false);
    changed.clear();
    return snapshot;
  }

  RouteSnapshot silent() {
    changed.clear();
    return snapshot();
  }

  RouteSnapshot stale() {
    RouteSnapshot s = snapshot();
    return new RouteSnapshot(s.revision(), s.routes(), s.changed(), s.invalid(), true);
  }
}
