package io.proxyetc.internal.table;

import io.proxyetc.Route;
import io.proxyetc.spi.RouteSnapshot;
import java.util.Collection;
import java.util.Set;

/** Under construction. */
public final class RouteTables<R> {
  private final Planner<R> planner;
  private volatile RouteTable<R> current = RouteTable.empty();

  public RouteTables(Planner<R> planner) {
    this.planner = planner;
  }

  public RouteTable<R> current() {
    return current;
  }

  public RouteTable<R> install(RouteSnapshot snapshot) {
    throw new UnsupportedOperationException("under construction");
  }

  /** Throws InvalidRouteException where two routes could never be told apart. */
  public static void check(Collection<Route> puts, Set<String> deletes, RouteTable<?> against) {}

  /** The same without deletes. */
  public static void check(Collection<Route> changedRoutes, RouteTable<?> against) {
    check(changedRoutes, Set.of(), against);
  }
}
