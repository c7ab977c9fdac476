package io.proxyetc.internal.store;

import io.proxyetc.RouteConflictException;
import io.proxyetc.internal.map.PersistentMap;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.StoredRoute;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The routes at one revision.
 *
 * @param revision 0 before the first change
 * @param routes route id to route
 */
record Ledger(long revision, PersistentMap<String, StoredRoute> routes) {
  static final Ledger EMPTY = new Ledger(0, PersistentMap.empty());

  /**
   * The ledger after a change, one revision on; itself if the change only deletes what is absent.
   *
   * @param changed takes the ids that the change put or deleted
   * @throws RouteConflictException if a route has another revision than expected
   */
  Ledger after(RouteChange change, Set<String> changed) {
    change.edits().forEach(this::checkExpected);
    PersistentMap<String, StoredRoute> after = routes;
    boolean isChanged = false;
    for (RouteChange.Edit edit : change.edits()) {
      if (edit instanceof RouteChange.Edit.Put put) {
        after = after.with(put.id(), new StoredRoute(put.route(), revision + 1));
      } else if (after.containsKey(edit.id())) {
        after = after.without(edit.id());
      } else {
        continue;
      }
      isChanged = true;
      changed.add(edit.id());
    }
    return isChanged ? new Ledger(revision + 1, after) : this;
  }

  private void checkExpected(RouteChange.Edit edit) {
    if (edit.expected().isEmpty()) {
      return;
    }
    long expected = edit.expected().getAsLong();
    @Nullable StoredRoute stored = routes.get(edit.id());
    long actual = stored == null ? 0 : stored.revision();
    if (expected != actual) {
      throw new RouteConflictException(edit.id(), expected, actual);
    }
  }
}
