package io.proxyetc.internal.store;

import io.proxyetc.Route;
import io.proxyetc.RouteFile;
import io.proxyetc.internal.map.PersistentMap;
import io.proxyetc.spi.StoredRoute;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an edit by hand makes of the routes. Routes that are as they were keep their revision; a
 * route that cannot be read keeps its last good version.
 *
 * @param after one revision on if anything changed
 * @param order the ids in the order of the file
 * @param invalid route id to what is wrong with its text in the file
 * @param changed ids that were put, deleted, or became valid or invalid
 */
record HandEdit(
    Ledger after, List<String> order, Map<String, String> invalid, Set<String> changed) {

  static HandEdit of(Ledger before, Map<String, String> invalidBefore, RouteFile file) {
    Map<String, String> invalid = new TreeMap<>();
    file.faults().forEach(fault -> invalid.put(fault.id(), fault.toString()));
    long revision = Math.max(before.revision(), file.revision()) + 1;
    Set<String> order = new LinkedHashSet<>();
    Set<String> changed = new HashSet<>(differences(invalid, invalidBefore));
    PersistentMap<String, StoredRoute> routes = before.routes();
    for (Route route : file.routes()) {
      order.add(route.id());
      @Nullable StoredRoute old = routes.get(route.id());
      if (old == null || !old.route().equals(route)) {
        routes = routes.with(route.id(), new StoredRoute(route, revision));
        changed.add(route.id());
      }
    }
    invalid.keySet().stream().filter(routes::containsKey).forEach(order::add);
    for (String id : before.routes().keySet()) {
      if (!order.contains(id)) {
        routes = routes.without(id);
        changed.add(id);
      }
    }
    boolean same = changed.isEmpty() && file.revision() <= before.revision();
    Ledger after = same ? before : new Ledger(revision, routes);
    return new HandEdit(after, List.copyOf(order), invalid, changed);
  }

  /** The ids about which the two say something else. */
  static Set<String> differences(Map<String, String> now, Map<String, String> before) {
    Set<Map.Entry<String, String>> either = new HashSet<>(now.entrySet());
    either.addAll(before.entrySet());
    Set<String> ids = new HashSet<>();
    for (Map.Entry<String, String> entry : either) {
      if (!now.entrySet().contains(entry) || !before.entrySet().contains(entry)) {
        ids.add(entry.getKey());
      }
    }
    return ids;
  }
}
