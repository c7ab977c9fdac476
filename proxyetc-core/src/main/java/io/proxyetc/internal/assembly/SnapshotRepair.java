package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyException;
import io.proxyetc.internal.table.RouteTable;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.StoredRoute;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is sound of a snapshot that is not as it must be. Every route counts as changed: where one
 * snapshot is wrong, a store's word for what has changed since is not enough.
 */
final class SnapshotRepair {
  private final Map<String, StoredRoute> routes = new HashMap<>();
  private final Map<String, String> invalid = new HashMap<>();

  private SnapshotRepair() {}

  /**
   * @throws ProxyException where nothing of it can be used
   */
  static RouteSnapshot of(RouteSnapshot snapshot, RouteTable<?> live) {
    SnapshotRepair repair = new SnapshotRepair();
    given("routes", snapshot.routes()).forEach(repair::route);
    given("invalid", snapshot.invalid()).forEach(repair::fault);
    Set<String> all = new HashSet<>(given("changed", snapshot.changed()));
    all.removeIf(Objects::isNull);
    all.addAll(repair.routes.keySet());
    all.addAll(live.refused().keySet());
    live.routes().forEach(stored -> all.add(stored.route().id()));
    return new RouteSnapshot(
        snapshot.revision(), repair.routes, all, repair.invalid, snapshot.stale());
  }

  private static <T> T given(String what, @Nullable T part) {
    if (part == null) {
      throw new ProxyException("the store gave null for the snapshot's " + what);
    }
    return part;
  }

  private void route(@Nullable String id, @Nullable StoredRoute stored) {
    if (id == null) {
      return; // nothing to name it by
    }
    if (stored == null || stored.route() == null) {
      invalid.put(id, "route " + id + ": the store gave null for it");
    } else if (!stored.route().id().equals(id)) {
      invalid.put(id, "route " + id + ": the store gave the route " + stored.route().id());
    } else {
      routes.put(id, stored);
    }
  }

  private void fault(@Nullable String id, @Nullable String reason) {
    if (id != null) {
      invalid.put(id, reason == null ? "the store does not say what is wrong" : reason);
    }
  }
}
