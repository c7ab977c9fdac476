package io.proxyetc.internal.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.Match;
import io.proxyetc.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random tables, changed at random, against a matcher that is as naive as the documentation. */
class RandomTablesTest {
  private static final List<String> HOSTS =
      List.of("a.com", "b.a.com", "c.b.a.com", "d.com", "*.a.com", "*.b.a.com", "*.com", "[::1]");
  private static final List<String> REQUEST_HOSTS =
      List.of(
          "a.com", "b.a.com", "c.b.a.com", "x.c.b.a.com", "d.com", "e.d.com", "org", "", "[::1]");
  private static final List<String> METHODS = List.of("GET", "HEAD", "POST");
  private static final List<String> HEADERS = List.of("x-a", "x-b", "x-c");

  /** 3: many rules per path; 40: maps of paths. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 10, 40})
  void agreeWithTheNaiveMatcher(int names) {
    for (int seed = 0; seed < 6; seed++) {
      new Run(new Random(seed * 1_000L + names), names).run();
    }
  }

  @Test
  void aHashIsTakenApartAgain() {
    Random random = new Random(1);
    for (int i = 0; i < 10_000; i++) {
      int hash = random.nextInt();
      byte last = (byte) random.nextInt();
      assertEquals(hash, StringHash.removeLast(StringHash.append(hash, last), last));
      assertEquals(hash, StringHash.lowerPower(hash * 31));
    }
  }

  private static final class Run {
    private final Random random;
    private final int names;
    private final FakeStore store = new FakeStore();
    private final IdPlanner planner = new IdPlanner();
    private final RouteTables<String> tables = new RouteTables<>(planner);
    private final Map<String, Route> routes = new HashMap<>();
    private final Map<String, Route> puts = new HashMap<>();
    private final Set<String> deletes = new TreeSet<>();

    Run(Random random, int names) {
      this.random = random;
      this.names = names;
    }

    void run() {
      for (int change = 0; change < 30; change++) {
        int edits = 1 + random.nextInt(change % 10 == 0 ? 40 : 5);
        for (int i = 0; i < edits; i++) {
          edit();
        }
        RouteTable<String> table = tables.install(store.snapshot());
        puts.clear();
        deletes.clear();
        assertEquals(Map.of(), table.refused());
        assertEquals(routes.size(), table.routes().size());
        for (int i = 0; i < 100; i++) {
          Request request = request();
          assertEquals(naive(routes.values(), request), table.match(request), request::toString);
        }
      }
    }

    private void edit() {
      String id = "r" + random.nextInt(50 + 5 * names);
      if (random.nextInt(3) == 0) {
        routes.remove(id);
        store.delete(id);
        puts.remove(id);
        deletes.add(id);
        return;
      }
      Route route = RouteTableTest.route(id).match(match()).build();
      boolean distinct =
          routes.values().stream().noneMatch(r -> !r.id().equals(id) && twins(r, route));
      assertEquals(distinct, isAllowed(route), route::toString);
      if (distinct) {
        routes.put(id, route);
        store.put(route);
        puts.put(id, route);
      }
    }

    /** Together with what is not yet installed. */
    private boolean isAllowed(Route route) {
      Map<String, Route> all = new HashMap<>(puts);
      all.put(route.id(), route);
      try {
        RouteTables.check(all.values(), deletes, tables.current());
        return true;
      } catch (InvalidRouteException e) {
        return false;
      }
    }

    private Match match() {
      List<String> hosts = new ArrayList<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        hosts.add(HOSTS.get(random.nextInt(HOSTS.size())));
      }
      Set<String> methods = new TreeSet<>();
      Map<String, String> headers = new HashMap<>();
      for (int i = random.nextInt(6) - 3; i > 0; i--) {
        methods.add(METHODS.get(random.nextInt(METHODS.size())));
      }
      for (int i = random.nextInt(6) - 3; i > 0; i--) {
        headers.put(HEADERS.get(random.nextInt(HEADERS.size())), random.nextBoolean() ? "*" : "1");
      }
      int port = random.nextInt(4) == 0 ? 80 + random.nextInt(2) : 0;
      return new Match(hosts, path(2), methods, headers, port);
    }

    private Request request() {
      Map<String, String> headers = new HashMap<>();
      for (String name : HEADERS) {
        if (random.nextBoolean()) {
          headers.put(name, random.nextBoolean() ? "1" : "2");
        }
      }
      String host = REQUEST_HOSTS.get(random.nextInt(REQUEST_HOSTS.size()));
      String method = METHODS.get(random.nextInt(METHODS.size()));
      return new Request(host, path(4), method, headers, 80 + random.nextInt(2));
    }

    private String path(int segments) {
      StringBuilder path = new StringBuilder();
      for (int i = random.nextInt(segments + 1); i > 0; i--) {
        path.append("/p").append(random.nextInt(names));
      }
      if (path.isEmpty() || random.nextInt(10) == 0) {
        path.append('/');
      }
      return path.toString();
    }
  }

  private static boolean twins(Route a, Route b) {
    Match x = a.match();
    Match y = b.match();
    Set<String> shared = new TreeSet<>(x.hosts());
    shared.retainAll(y.hosts());
    return (!shared.isEmpty() || (x.hosts().isEmpty() && y.hosts().isEmpty()))
        && new Match(List.of(), x.path(), x.methods(), x.headers(), x.port())
            .equals(new Match(List.of(), y.path(), y.methods(), y.headers(), y.port()));
  }

  /** docs/routing.md in code. */
  private static String naive(Collection<Route> routes, Request request) {
    return routes.stream()
        .filter(route -> level(route.match(), request) > 0 && applies(route.match(), request))
        .min(
            Comparator.<Route>comparingInt(r -> -level(r.match(), request))
                .thenComparingInt(r -> -r.match().path().length())
                .thenComparingInt(r -> -r.match().headers().size())
                .thenComparingLong(
                    r -> r.match().headers().values().stream().filter("*"::equals).count())
                .thenComparingInt(r -> r.match().methods().isEmpty() ? 1 : 0)
                .thenComparingInt(r -> r.match().methods().size())
                .thenComparingInt(r -> -Integer.signum(r.match().port()))
                .thenComparing(Route::id))
        .map(Route::id)
        .orElse(null);
  }

  /** How closely the best host of a match fits: 0 not at all, 1 any host, 2 and more a wildcard. */
  private static int level(Match match, Request request) {
    int best = match.hosts().isEmpty() ? 1 : 0;
    for (String host : match.hosts()) {
      if (host.equals(request.host())) {
        best = 1_000;
      } else if (host.startsWith("*.")
          && request.host().endsWith(host.substring(1))
          && request.host().length() >= host.length()) {
        best = Math.max(best, host.length());
      }
    }
    return best;
  }

  private static boolean applies(Match match, Request request) {
    String prefix = match.path().equals("/") ? "" : match.path();
    String path = request.path();
    return (path.equals(prefix) || path.startsWith(prefix + "/"))
        && (match.methods().isEmpty() || match.methods().contains(request.method()))
        && (match.port() == 0 || match.port() == request.port())
        && match.headers().entrySet().stream()
            .allMatch(h -> request.headerIs(h.getKey(), h.getValue()));
  }
}
