package io.proxyetc.internal.assembly;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.RouteConflictException;
import io.proxyetc.Routes;
import io.proxyetc.internal.http.HttpRoute;
import io.proxyetc.internal.map.PersistentMap;
import io.proxyetc.internal.table.RouteTables;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.StoredRoute;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** In memory, until the stores are here. */
final class TemporaryRoutes implements Routes {
  private final RouteTables<HttpRoute> tables;
  private PersistentMap<String, StoredRoute> map = PersistentMap.empty();
  private long revision;

  TemporaryRoutes(RouteTables<HttpRoute> tables) {
    this.tables = tables;
    tables.install(new RouteSnapshot(0, map, Set.of(), Map.of(), false));
  }

  @Override
  public Collection<Route> list() {
    return tables.current().routes().stream().map(StoredRoute::route).toList();
  }

  @Override
  public Optional<Route> get(String id) {
    return stored(id).map(StoredRoute::route);
  }

  @Override
  public Optional<StoredRoute> stored(String id) {
    return Optional.ofNullable(tables.current().stored(id));
  }

  @Override
  public long revision() {
    return tables.current().revision();
  }

  @Override
  public Map<String, String> refused() {
    return tables.current().refused();
  }

  @Override
  public void put(Route route) {
    apply(RouteChange.of("", RouteChange.Edit.put(route)));
  }

  @Override
  public boolean delete(String id) {
    boolean there = get(id).isPresent();
    apply(RouteChange.of("", RouteChange.Edit.delete(id)));
    return there;
  }

  @Override
  public void switchTo(String id, String group) {
    switchTo(Map.of(id, group));
  }

  @Override
  public void switchTo(Map<String, String> groups) {
    List<RouteChange.Edit> edits = new ArrayList<>();
    groups.forEach(
        (id, group) -> {
          Route route = get(id).orElseThrow(() -> new ProxyException("no route " + id));
          edits.add(RouteChange.Edit.put(route.toBuilder().active(group).build()));
        });
    apply(new RouteChange(edits, "", ""));
  }

  @Override
  public synchronized CompletionStage<Long> apply(RouteChange change) {
    List<Route> puts = new ArrayList<>();
    Set<String> deletes = new HashSet<>();
    PersistentMap<String, StoredRoute> next = map;
    Set<String> changed = new HashSet<>();
    for (RouteChange.Edit edit : change.edits()) {
      StoredRoute now = map.get(edit.id());
      long actual = now == null ? 0 : now.revision();
      if (edit.expected().isPresent() && edit.expected().getAsLong() != actual) {
        throw new RouteConflictException(edit.id(), edit.expected().getAsLong(), actual);
      }
      changed.add(edit.id());
      if (edit instanceof RouteChange.Edit.Put put) {
        puts.add(put.route());
        next = next.with(edit.id(), new StoredRoute(put.route(), revision + 1));
      } else {
        deletes.add(edit.id());
        next = next.without(edit.id());
      }
    }
    try {
      RouteTables.check(puts, deletes, tables.current());
    } catch (InvalidRouteException e) {
      throw e;
    }
    map = next;
    revision++;
    tables.install(new RouteSnapshot(revision, map, changed, Map.of(), false));
    return CompletableFuture.completedFuture(revision);
  }
}
