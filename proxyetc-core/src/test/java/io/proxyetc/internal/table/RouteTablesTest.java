package io.proxyetc.internal.table;

import static io.proxyetc.internal.table.RouteTableTest.route;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.Match;
import io.proxyetc.Route;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.StoredRoute;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** From snapshot to snapshot: what becomes live, what is refused, and what stays. */
class RouteTablesTest {
  private final FakeStore store = new FakeStore();
  private final IdPlanner planner = new IdPlanner();
  private final RouteTables<String> tables = new RouteTables<>(planner);

  @Test
  void oneChangeAmongManyIsCompiledAsOne() {
    for (int i = 0; i < 1_000; i++) {
      store.put(onHost("r" + i, "h" + i));
    }
    RouteTable<String> before = tables.install(store.snapshot());
    planner.planned.clear();

    RouteTable<String> after = tables.install(store.put(onHost("r7", "new")).snapshot());

    assertEquals(List.of("r7"), planner.planned);
    assertSame(after, tables.current());
    assertEquals("r7", before.match(Request.get("h7", "/")), "the older table stays as it was");
    assertNull(after.match(Request.get("h7", "/")));
    assertEquals("r7", after.match(Request.get("new", "/")));
    assertEquals(2, after.revision());
    assertEquals(1_000, after.routes().size());
  }

  /** Many rules of a host are kept by their paths, a few in order, and the last one by itself. */
  @Test
  void aHostThatLosesItsRoutesOneByOneKeepsTheOrderOfTheOthers() {
    for (int i = 0; i < 40; i++) {
      store.put(route("r" + i).host("h").path("/" + "x/".repeat(i % 20) + i).build());
      store.put(route("p" + i).match(posts("/" + "x/".repeat(i % 20) + i)).build());
    }
    store.put(route("root").host("h").build());
    tables.install(store.snapshot());
    for (int gone = 0; gone < 40; gone++) {
      tables.install(store.delete("r" + gone).snapshot());
      tables.install(store.delete("p" + gone).snapshot());
      for (int i = 0; i < 40; i++) {
        Request get = Request.get("h", "/" + "x/".repeat(i % 20) + i + "/y");
        RouteTable<String> table = tables.current();
        assertEquals(i <= gone ? "root" : "r" + i, table.match(get));
        assertEquals(i <= gone ? "root" : "p" + i, table.match(get.method("POST")));
      }
    }
    assertNull(tables.install(store.delete("root").snapshot()).match(Request.get("h", "/")));
  }

  private static Match posts(String path) {
    return new Match(List.of("h"), path, Set.of("POST"), Map.of(), 0);
  }

  @Test
  void whatIsRefusedDoesNotMakeOneChangeDearer() {
    store.put(onHost("z", "h"), onHost("broken", "i"), onHost("waiting", "j"));
    tables.install(store.snapshot());
    store.put(route("broken").host("i").balancer("broken").build(), onHost("y", "j"));
    store.put(route("new").host("k").balancer("broken").build());
    tables.install(store.garble("unreadable", "no JSON").snapshot());
    planner.planned.clear();

    tables.install(store.put(onHost("z", "x")).snapshot());

    assertEquals(List.of("z"), planner.planned);
    assertEquals(Set.of("broken", "new", "unreadable", "y"), tables.current().refused().keySet());
  }

  @Test
  void thePlannerHearsWhatIsLiveAndWhatIsGoneAfterTheSwap() {
    tables.install(store.put(onHost("a", "a"), onHost("b", "b")).snapshot());
    planner.live.clear();

    tables.install(store.put(onHost("a", "x")).delete("b").snapshot());

    assertEquals(List.of("a"), planner.live);
    assertEquals(List.of("b"), planner.dropped);
  }

  @Test
  void ofTwoRoutesThatCannotBeToldApartTheNewcomerIsRefused() {
    tables.install(store.put(onHost("z", "h")).snapshot());
    RouteTable<String> table = tables.install(store.put(onHost("a", "h")).snapshot());

    assertEquals("z", table.match(Request.get("h", "/")));
    assertNull(table.stored("a"));
    assertEquals(
        "match: cannot be told apart from route z: both take host h and path / with the"
            + " same methods, headers and port; change one of them",
        table.refused().get("a"));
  }

  @Test
  void whatWasRefusedGetsItsTurnWhenTheOtherGoes() {
    tables.install(store.put(onHost("z", "h")).snapshot());
    tables.install(store.put(onHost("a", "h")).snapshot());

    RouteTable<String> table = tables.install(store.delete("z").snapshot());

    assertEquals("a", table.match(Request.get("h", "/")));
    assertEquals(Map.of(), table.refused());
  }

  @Test
  void inAFirstSnapshotTheOlderRouteWinsAndThenTheLowerId() {
    store.put(onHost("z", "h")).snapshot();
    store.put(onHost("a", "h"));
    for (int i = 0; i < 50; i++) {
      store.put(onHost("d" + i, "i" + i), onHost("c" + i, "i" + i));
    }

    RouteTable<String> table = tables.install(store.snapshot());

    assertEquals("z", table.match(Request.get("h", "/")));
    for (int i = 0; i < 50; i++) {
      assertEquals("c" + i, table.match(Request.get("i" + i, "/")));
    }
    assertEquals(51, table.refused().size());
  }

  @Test
  void aRouteThatCannotBePlannedLeavesItsLastGoodVersionLive() {
    tables.install(store.put(onHost("a", "h"), onHost("b", "i")).snapshot());

    store.put(route("a").host("new").balancer("broken").build());
    store.put(route("b").host("new2").balancer("crashing").build());
    RouteTable<String> table = tables.install(store.put(onHost("c", "c")).snapshot());

    assertEquals("a", table.match(Request.get("h", "/")));
    assertEquals("b", table.match(Request.get("i", "/")));
    assertEquals("c", table.match(Request.get("c", "/")), "the others of the snapshot are live");
    assertEquals("balancer: there is no balancer 'broken'", table.refused().get("a"));
    assertTrue(table.refused().get("b").contains("crashed"));
    assertEquals(1, table.stored("a").revision());
    assertEquals(List.of(), planner.dropped);
  }

  @Test
  void twoRoutesMaySwapTheirHosts() {
    tables.install(store.put(onHost("a", "h"), onHost("b", "i")).snapshot());
    RouteTable<String> table =
        tables.install(store.put(onHost("a", "i"), onHost("b", "h")).snapshot());

    assertEquals("b", table.match(Request.get("h", "/")));
    assertEquals("a", table.match(Request.get("i", "/")));
    assertEquals(Map.of(), table.refused());
  }

  @Test
  void aBadRouteNeverDisplacesTheLastGoodOne() {
    tables.install(store.put(onHost("a", "1"), onHost("b", "2"), onHost("c", "3")).snapshot());

    // b wants c's place and cannot have it, so it stays at 2, so a cannot have 2 and stays at 1.
    RouteTable<String> table =
        tables.install(store.put(onHost("a", "2"), onHost("b", "3")).snapshot());

    assertEquals("a", table.match(Request.get("1", "/")));
    assertEquals("b", table.match(Request.get("2", "/")));
    assertEquals("c", table.match(Request.get("3", "/")));
    assertEquals(Set.of("a", "b"), table.refused().keySet());

    table = tables.install(store.delete("c").snapshot());

    assertEquals("a", table.match(Request.get("2", "/")), "both get their turn");
    assertEquals("b", table.match(Request.get("3", "/")));
    assertEquals(Map.of(), table.refused());
  }

  @Test
  void aWholeQueueMovesUpWhenItsHeadGoes() {
    for (int i = 0; i <= 20; i++) {
      store.put(onHost("r" + i, "h" + i));
    }
    tables.install(store.snapshot());
    for (int i = 0; i < 20; i++) {
      store.put(onHost("r" + i, "h" + (i + 1)));
    }
    assertEquals(20, tables.install(store.snapshot()).refused().size());

    RouteTable<String> table = tables.install(store.delete("r20").snapshot());

    assertEquals(Map.of(), table.refused());
    for (int i = 0; i < 20; i++) {
      assertEquals("r" + i, table.match(Request.get("h" + (i + 1), "/")));
    }
  }

  @Test
  void whatTheStoreCannotReadButRemembersIsLiveAndNamed() {
    StoredRoute remembered = new StoredRoute(onHost("a", "h"), 1);
    RouteSnapshot snapshot =
        new RouteSnapshot(2, Map.of("a", remembered), Set.of("a"), Map.of("a", "no JSON"), false);

    RouteTable<String> table = tables.install(snapshot);

    assertEquals("a", table.match(Request.get("h", "/")));
    assertEquals(Map.of("a", "no JSON"), table.refused());
  }

  @Test
  void whatTheStoreCannotReadLeavesTheLastGoodVersionLiveUntilItIsDeleted() {
    tables.install(store.put(onHost("a", "h")).snapshot());

    RouteTable<String> table =
        tables.install(store.garble("a", "no JSON").garble("x", "no JSON").snapshot());
    assertEquals("a", table.match(Request.get("h", "/")));
    assertEquals(Map.of("a", "no JSON", "x", "no JSON"), table.refused());

    table = tables.install(store.delete("a", "x").snapshot());
    assertNull(table.match(Request.get("h", "/")));
    assertEquals(Map.of(), table.refused());
  }

  @Test
  void whatABadSnapshotForgotToTellIsFoundByItsSize() {
    tables.install(store.put(onHost("a", "a")).snapshot());

    RouteTable<String> table = tables.install(store.put(onHost("b", "b")).silent());

    assertEquals("b", table.match(Request.get("b", "/")));
  }

  @Test
  void everythingIsComparedAfterAStaleSnapshotAndWhenTheRevisionDoesNotRise() {
    tables.install(store.put(onHost("a", "a"), onHost("b", "b")).stale());
    planner.planned.clear();
    store.put(onHost("a", "x"));
    RouteTable<String> table = tables.install(store.silent());
    assertEquals("a", table.match(Request.get("x", "/")));
    assertEquals(List.of("a"), planner.planned, "what is equal is not planned again");

    RouteSnapshot older =
        new RouteSnapshot(
            1, Map.of("b", new StoredRoute(onHost("b", "old"), 1)), Set.of(), Map.of(), false);
    table = tables.install(older);
    assertEquals("b", table.match(Request.get("old", "/")));
    assertNull(table.match(Request.get("x", "/")));
    assertEquals(1, table.revision());

    RouteSnapshot same =
        new RouteSnapshot(
            1, Map.of("b", new StoredRoute(onHost("b", "other"), 1)), Set.of(), Map.of(), false);
    assertEquals("b", tables.install(same).match(Request.get("other", "/")));
  }

  @Test
  void checkNamesBothRoutes() {
    RouteTable<String> live = tables.install(store.put(onHost("z", "h")).snapshot());

    InvalidRouteException e =
        assertThrows(
            InvalidRouteException.class, () -> RouteTables.check(List.of(onHost("a", "h")), live));
    assertEquals("route a: match", e.path());
    assertTrue(e.getMessage().contains("route z"));
    assertThrows(
        InvalidRouteException.class,
        () -> RouteTables.check(List.of(onHost("a", "i"), onHost("b", "i")), live));
  }

  @Test
  void checkKnowsWhatTheSameChangeReplacesOrDeletes() {
    RouteTable<String> live = tables.install(store.put(onHost("z", "h")).snapshot());

    assertDoesNotThrow(() -> RouteTables.check(List.of(onHost("z", "h")), live));
    assertDoesNotThrow(() -> RouteTables.check(List.of(onHost("a", "h")), Set.of("z"), live));
    assertDoesNotThrow(() -> RouteTables.check(List.of(onHost("a", "h"), onHost("z", "i")), live));
  }

  @Test
  void routesThatDifferInAnythingAreToldApart() {
    RouteTable<String> live = tables.install(store.put(onHost("z", "h")).snapshot());
    List<Match> others =
        List.of(
            new Match(List.of(), "/", Set.of(), Map.of(), 0),
            new Match(List.of("*.h"), "/", Set.of(), Map.of(), 0),
            new Match(List.of("h"), "/x", Set.of(), Map.of(), 0),
            new Match(List.of("h"), "/", Set.of("GET"), Map.of(), 0),
            new Match(List.of("h"), "/", Set.of("GET", "POST"), Map.of(), 0),
            new Match(List.of("h"), "/", Set.of(), Map.of("x", "1"), 0),
            new Match(List.of("h"), "/", Set.of(), Map.of("x", "*"), 0),
            new Match(List.of("h"), "/", Set.of(), Map.of(), 80));
    List<Route> routes =
        others.stream().map(m -> route("r" + others.indexOf(m)).match(m).build()).toList();

    assertDoesNotThrow(() -> RouteTables.check(routes, live));
    assertEquals(
        Map.of(), tables.install(store.put(routes.toArray(Route[]::new)).snapshot()).refused());
  }

  private static Route onHost(String id, String host) {
    return route(id).host(host).build();
  }
}
