package io.proxyetc.internal.assembly;

import io.proxyetc.Active;
import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.RunningSwitch;
import io.proxyetc.SwitchOptions;
import io.proxyetc.internal.assembly.SwitchSteps.Position;
import io.proxyetc.internal.table.RouteTable;
import io.proxyetc.spi.RouteChange.Edit;
import io.proxyetc.spi.StoredRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** What people ask of switches: what that changes in the routes that are live. */
final class Switch {
  /** So many routes are named to who asks for one that is not there. */
  private static final int NAMED = 10;

  private final RouteTable<?> live;

  Switch(RouteTable<?> live) {
    this.live = live;
  }

  /**
   * Makes other groups active at once, whatever is under way: the edits, each under the revision of
   * its route that is live.
   *
   * @param groups route id to the group that is to become active
   * @throws ProxyException for a route or group that is not there
   */
  List<Edit> atOnce(Map<String, String> groups) {
    List<Edit> edits = new ArrayList<>();
    new TreeMap<>(groups)
        .forEach(
            (id, group) -> {
              StoredRoute stored = withGroup(id, group);
              Route after = SwitchSteps.ended(stored.route(), Active.group(group));
              edits.add(Edit.put(after, stored.revision()));
            });
    return edits;
  }

  /**
   * Begins a switch. Routes whose traffic goes to the group already are left out.
   *
   * @throws ProxyException also for a route that is under a switch already
   */
  List<Edit> begin(Map<String, String> groups, SwitchOptions options, String id) {
    Optional<Position> first = SwitchSteps.first(options);
    List<Edit> edits = new ArrayList<>();
    new TreeMap<>(groups)
        .forEach(
            (route, group) -> {
              StoredRoute stored = withGroup(route, group);
              stored.route().running().ifPresent(running -> refuse(route, running));
              RunningSwitch before =
                  new RunningSwitch(
                      id,
                      group,
                      stored.route().active(),
                      options,
                      RunningSwitch.Phase.PREFLIGHT,
                      0,
                      false);
              if (!SwitchSteps.same(before.from(), Active.group(group))) {
                Route after = SwitchSteps.moved(stored.route(), before, first);
                edits.add(Edit.put(after, stored.revision()));
              }
            });
    return edits;
  }

  private static void refuse(String route, RunningSwitch running) {
    throw new ProxyException(
        "route "
            + route
            + ": a switch to "
            + running.to()
            + " is under way ("
            + SwitchWords.position(running)
            + "): wait for its end or call abortSwitch(\""
            + route
            + "\") before you begin another one; switchTo(id, group) without options ends it and"
            + " switches at once");
  }

  /**
   * Changes all routes of the switch that a route is under.
   *
   * @throws ProxyException where it is under none
   */
  List<Edit> edit(String route, UnaryOperator<Route> change) {
    String id = running(route).id();
    List<Edit> edits = new ArrayList<>();
    for (StoredRoute stored : live.routes()) {
      boolean same = stored.route().running().filter(r -> r.id().equals(id)).isPresent();
      Route after = same ? change.apply(stored.route()) : stored.route();
      if (!after.equals(stored.route())) {
        edits.add(Edit.put(after, stored.revision()));
      }
    }
    return edits;
  }

  /** The switch that a route is under. */
  RunningSwitch running(String route) {
    return stored(route)
        .route()
        .running()
        .orElseThrow(
            () ->
                new ProxyException(
                    "route "
                        + route
                        + ": no switch is under way; it may have ended already: "
                        + SwitchWords.active(stored(route).route().active())
                        + " is active"));
  }

  private StoredRoute withGroup(String id, String group) {
    StoredRoute stored = stored(id);
    if (!stored.route().groups().containsKey(group)) {
      throw new ProxyException(
          "route "
              + id
              + ": there is no group '"
              + group
              + "' to switch to; it has "
              + new TreeSet<>(stored.route().groups().keySet()));
    }
    return stored;
  }

  private StoredRoute stored(String id) {
    StoredRoute stored = live.stored(id);
    if (stored == null) {
      throw noSuchRoute(id);
    }
    return stored;
  }

  private ProxyException noSuchRoute(String id) {
    String refused = live.refused().get(id);
    if (refused != null) {
      return new ProxyException("route " + id + " is not live: " + refused);
    }
    List<String> some =
        live.routes().stream().map(s -> s.route().id()).sorted().limit(NAMED + 1).toList();
    String there =
        some.isEmpty()
            ? "there is none at all"
            : "there are "
                + String.join(", ", some.subList(0, Math.min(NAMED, some.size())))
                + (some.size() > NAMED ? " and others" : "");
    return new ProxyException("there is no route '" + id + "'; " + there);
  }
}
