package io.proxyetc.internal.table;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.Match;
import io.proxyetc.Route;
import io.proxyetc.spi.StoredRoute;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Two routes can never be told apart when they share a host (or both take any) and have the same
 * path, methods, headers and port: for that host each request that meets one meets the other.
 */
final class Twins {
  private Twins() {}

  /** A route that another one cannot be told from, and where they meet. */
  record Twin(String id, String host, Match match) {
    InvalidRouteException asFault() {
      String where = host.equals("*") ? "any host" : "host " + host;
      return new InvalidRouteException(
          "match",
          "cannot be told apart from route "
              + id
              + ": both take "
              + where
              + " and path "
              + match.path()
              + " with the same methods, headers and port; change one of them");
    }
  }

  /** The first route in the index that a rule could never be told from. */
  static @Nullable Twin find(Rule<?> rule, HostIndex<?> index) {
    for (String host : HostIndex.hosts(rule)) {
      Rule<?> twin = index.twin(rule, host);
      if (twin != null) {
        return new Twin(twin.id(), host, rule.match());
      }
    }
    return null;
  }

  /** See {@link RouteTables#check(Collection, Set, RouteTable)}. */
  static void check(Collection<Route> puts, Set<String> deletes, RouteTable<?> against) {
    Set<String> gone = new HashSet<>(deletes);
    puts.forEach(route -> gone.add(route.id()));
    Map<Place, String> taken = new HashMap<>();
    for (Route route : puts) {
      Rule<?> rule = new Rule<>(new StoredRoute(route, 0), route);
      for (String host : HostIndex.hosts(rule)) {
        Rule<?> live = against.hosts().twin(rule, host);
        String id = live == null || gone.contains(live.id()) ? null : live.id();
        String other = taken.putIfAbsent(new Place(host, route.match()), route.id());
        if (id == null) {
          id = other;
        }
        if (id != null) {
          throw new Twin(id, host, route.match()).asFault().under("route " + route.id() + ": ");
        }
      }
    }
  }

  /** A host and everything else that tells one route from another. */
  private record Place(
      String host, String path, Set<String> methods, Map<String, String> headers, int port) {
    Place(String host, Match match) {
      this(host, match.path(), match.methods(), match.headers(), match.port());
    }
  }
}
