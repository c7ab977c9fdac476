package io.proxyetc.internal.assembly;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.internal.table.RouteTable;
import io.proxyetc.internal.table.RouteTables;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteChange.Edit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What is refused before it reaches a store, and how a change is called in messages. */
final class Admission {
  private final Consumer<Route> validator;
  private final Consumer<Route> files;

  /**
   * @param validator refuses routes that could not be served, with an exception of their kind
   * @param files the same for the files that a route names; blocks for the disk
   */
  Admission(Consumer<Route> validator, Consumer<Route> files) {
    this.validator = validator;
    this.files = files;
  }

  /**
   * @throws InvalidRouteException for a route that could not be served, or not be told apart from
   *     another one
   */
  void check(RouteChange change, RouteTable<?> live) {
    List<Route> puts = new ArrayList<>();
    Set<String> deletes = new HashSet<>();
    for (Edit edit : change.edits()) {
      if (edit instanceof Edit.Put put) {
        validate(put.route());
        puts.add(put.route());
      } else {
        deletes.add(edit.id());
      }
    }
    RouteTables.check(puts, deletes, live);
  }

  /** Only where the caller may wait for the disk; others hear of it when it is stored. */
  void checkFiles(RouteChange change) {
    for (Edit edit : change.edits()) {
      if (edit instanceof Edit.Put put) {
        files.accept(put.route());
      }
    }
  }

  private void validate(Route route) {
    try {
      validator.accept(route);
    } catch (InvalidRouteException e) {
      throw e.path().startsWith("route ") ? e : e.under("route " + route.id() + ": ");
    }
  }

  /** Two changes at once may pass their checks and still collide: then the table refused one. */
  static void checkLive(RouteChange change, long revision, RouteTable<?> live) {
    for (Edit edit : change.edits()) {
      String reason = edit instanceof Edit.Put ? live.refused().get(edit.id()) : null;
      if (reason != null) {
        throw new ProxyException(
            reason
                + " (it is stored as revision "
                + revision
                + ", but not live: delete or change it)");
      }
    }
  }

  static String describe(RouteChange change) {
    int more = change.edits().size() - 1;
    return more < 0
        ? "an empty change"
        : "route " + change.edits().get(0).id() + (more > 0 ? " and " + more + " more" : "");
  }
}
