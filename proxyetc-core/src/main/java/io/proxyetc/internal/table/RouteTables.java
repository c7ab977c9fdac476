package io.proxyetc.internal.table;

import io.proxyetc.Route;
import io.proxyetc.spi.RouteSnapshot;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Compiles snapshots and holds the table that is live. {@link #current} is for any thread;
 * snapshots are installed one at a time.
 *
 * @param <R> what a match leads to
 */
public final class RouteTables<R> {
  private final Planner<R> planner;
  private volatile RouteTable<R> current = RouteTable.empty();

  /** Whether the live table came from a copy of the store's content; of the installing thread. */
  private boolean stale = true;

  /** Hears which ids lead to something else, after each swap. */
  private volatile Consumer<Set<String>> listener = ids -> {};

  public RouteTables(Planner<R> planner) {
    this.planner = planner;
  }

  /** The live table: one volatile read. */
  public RouteTable<R> current() {
    return current;
  }

  /**
   * Who hears of changed ids, routes that are gone or refused among them, on the installing thread
   * after each swap. He must return at once, and not throw.
   */
  public void onChange(Consumer<Set<String>> newListener) {
    listener = newListener;
  }

  /**
   * Makes a snapshot live by one atomic swap. Costs what its changes cost; everything is compared
   * where the changes are not known: for the first snapshot, for the first that follows a stale
   * one, and for a revision that does not rise.
   *
   * <p>A route that cannot be planned, or cannot be told apart from another, is skipped and named
   * in {@link RouteTable#refused}; what was live under its id stays live. One that waited for
   * another to go gets its turn.
   */
  public synchronized RouteTable<R> install(RouteSnapshot snapshot) {
    RouteTable<R> before = current;
    boolean known = !stale && !snapshot.stale() && snapshot.revision() > before.revision();
    Set<String> changed =
        known ? Differences.told(before, snapshot) : Differences.found(before, snapshot);
    Compilation<R> compilation = new Compilation<>(planner, before, snapshot, changed);
    if (known && !compilation.complete()) {
      changed = Differences.found(before, snapshot);
      compilation = new Compilation<>(planner, before, snapshot, changed);
    }
    RouteTable<R> table = compilation.table();
    stale = snapshot.stale();
    current = table;
    compilation.logRefusals();
    compilation.tellPlanner();
    listener.accept(changed);
    return table;
  }

  /**
   * Refuses what could never be told apart, before it reaches a store: two routes that share a host
   * (or both take any) and have equal paths, methods, headers and ports. Routes that differ in any
   * of these are told apart by requests that meet only one of them, or by the order in which they
   * are asked, which puts the narrower one first.
   *
   * @param puts routes that are to be added or replaced
   * @param deletes ids that go in the same change
   * @param against the live table
   * @throws io.proxyetc.InvalidRouteException naming both routes
   */
  public static void check(Collection<Route> puts, Set<String> deletes, RouteTable<?> against) {
    Twins.check(puts, deletes, against);
  }

  /** The same for a change that deletes nothing. */
  public static void check(Collection<Route> puts, RouteTable<?> against) {
    check(puts, Set.of(), against);
  }
}
