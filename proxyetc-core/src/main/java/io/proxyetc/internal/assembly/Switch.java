package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.internal.table.RouteTable;
import io.proxyetc.spi.RouteChange.Edit;
import io.proxyetc.spi.StoredRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Making another group of routes active: what that changes in the routes that are live. */
final class Switch {
  /** So many routes are named to who asks for one that is not there. */
  private static final int NAMED = 10;

  private final RouteTable<?> live;

  private Switch(RouteTable<?> live) {
    this.live = live;
  }

  /**
   * The edits, each under the revision of its route that is live.
   *
   * @param groups route id to the group that is to become active
   * @throws ProxyException for a route or group that is not there
   */
  static List<Edit> of(Map<String, String> groups, RouteTable<?> live) {
    Switch to = new Switch(live);
    List<Edit> edits = new ArrayList<>();
    new TreeMap<>(groups).forEach((id, group) -> edits.add(to.edit(id, group)));
    return edits;
  }

  private Edit edit(String id, String group) {
    StoredRoute stored = live.stored(id);
    if (stored == null) {
      throw noSuchRoute(id);
    }
    Route route = stored.route();
    if (!route.groups().containsKey(group)) {
      throw new ProxyException(
          "route "
              + id
              + ": there is no group '"
              + group
              + "' to switch to; it has "
              + new TreeSet<>(route.groups().keySet()));
    }
    return Edit.put(route.toBuilder().active(group).build(), stored.revision());
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
