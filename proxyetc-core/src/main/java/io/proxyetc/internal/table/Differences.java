package io.proxyetc.internal.table;

import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.StoredRoute;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which ids a snapshot wants compiled again. */
final class Differences {
  private Differences() {}

  /** What the snapshot says it changed, and what that may have made way for. */
  static Set<String> told(RouteTable<?> before, RouteSnapshot snapshot) {
    Set<String> ids = new HashSet<>(snapshot.changed());
    ids.addAll(snapshot.invalid().keySet());
    addWaiting(before, ids);
    return ids;
  }

  /** What differs when everything is compared, and everything that was refused. */
  static Set<String> found(RouteTable<?> before, RouteSnapshot snapshot) {
    Set<String> ids = new HashSet<>(before.refusals().keySet());
    ids.addAll(snapshot.invalid().keySet());
    snapshot
        .routes()
        .forEach(
            (id, route) -> {
              if (!same(before.stored(id), route)) {
                ids.add(id);
              }
            });
    for (String id : before.byId().keySet()) {
      if (!snapshot.routes().containsKey(id)) {
        ids.add(id);
      }
    }
    return ids;
  }

  static boolean same(@Nullable StoredRoute a, StoredRoute b) {
    return a != null && a.revision() == b.revision() && a.route().equals(b.route());
  }

  /** Adds refused routes whose obstacle changes, and those that wait for these in turn. */
  private static void addWaiting(RouteTable<?> before, Set<String> ids) {
    boolean more = !before.refusals().isEmpty();
    while (more) {
      more = false;
      for (var refusal : before.refusals().entrySet()) {
        String blockedBy = refusal.getValue().blockedBy();
        more |= blockedBy != null && ids.contains(blockedBy) && ids.add(refusal.getKey());
      }
    }
  }
}
