package io.proxyetc.internal.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.proxyetc.Match;
import io.proxyetc.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a request leads to; docs/routing.md tells the same to users. */
class RouteTableTest {
  private final FakeStore store = new FakeStore();

  @Test
  void anExactHostComesBeforeAWildcardAndAWildcardBeforeAnyHost() {
    store.put(
        route("exact").host("www.example.com").build(),
        route("wild").host("*.example.com").build(),
        route("wilder").host("*.com").build(),
        route("any").build());

    assertMatch("exact", Request.get("www.example.com", "/"));
    assertMatch("wild", Request.get("shop.example.com", "/"));
    assertMatch("wild", Request.get("a.b.example.com", "/x"));
    assertMatch("wilder", Request.get("example.com", "/"));
    assertMatch("wilder", Request.get("notexample.com", "/"));
    assertMatch("any", Request.get("com", "/"));
    assertMatch("any", Request.get("example.org", "/"));
    assertMatch("any", Request.get("", "/"));
    assertMatch("any", Request.get(".com", "/"));
  }

  @Test
  void theLongestWildcardWins() {
    store.put(
        route("deep").host("*.a.example.com").build(),
        route("shallow").host("*.example.com").build());

    assertMatch("deep", Request.get("x.a.example.com", "/"));
    assertMatch("deep", Request.get("y.x.a.example.com", "/"));
    assertMatch("shallow", Request.get("a.example.com", "/"));
    assertMatch("shallow", Request.get("x.b.example.com", "/"));
    assertNull(match(Request.get("example.com", "/")));
  }

  @Test
  void whereNoRouteOfAHostAppliesTheNextHostIsAsked() {
    store.put(
        route("exact").host("www.example.com").path("/app").build(),
        route("wild").host("*.example.com").match(match("*.example.com", "/app/x", "POST")).build(),
        route("any").path("/").build());

    assertMatch("exact", Request.get("www.example.com", "/app/x").method("POST"));
    assertMatch("wild", Request.get("api.example.com", "/app/x").method("POST"));
    assertMatch("any", Request.get("api.example.com", "/app/x"));
    assertMatch("any", Request.get("www.example.com", "/"));
  }

  @Test
  void aPathPrefixEndsAtASegmentBorder() {
    store.put(route("app").path("/app").build(), route("deep").path("/app/x/y").build());

    assertMatch("app", Request.get("h", "/app"));
    assertMatch("app", Request.get("h", "/app/"));
    assertMatch("app", Request.get("h", "/app/x"));
    assertMatch("app", Request.get("h", "/app/x/yy"));
    assertMatch("deep", Request.get("h", "/app/x/y"));
    assertMatch("deep", Request.get("h", "/app/x/y/z"));
    assertNull(match(Request.get("h", "/apple")));
    assertNull(match(Request.get("h", "/ap")));
    assertNull(match(Request.get("h", "/")));
    assertNull(match(Request.get("h", "/App")));
  }

  @Test
  void theLongestPrefixWinsAndWhereItsConditionsFailTheNextShorterOne() {
    store.put(
        route("root").host("h").build(),
        route("app").host("h").path("/app").build(),
        route("post").match(match("h", "/app/x", "POST")).build());

    assertMatch("post", Request.get("h", "/app/x/1").method("POST"));
    assertMatch("app", Request.get("h", "/app/x/1"));
    assertMatch("root", Request.get("h", "/other"));
  }

  @Test
  void theRouteThatAsksForMoreWins() {
    store.put(
        route("plain").build(),
        route("port").match(new Match(List.of(), "/", Set.of(), Map.of(), 8080)).build(),
        route("get").match(new Match(List.of(), "/", Set.of("GET"), Map.of(), 0)).build(),
        route("read").match(new Match(List.of(), "/", Set.of("GET", "HEAD"), Map.of(), 0)).build(),
        route("beta").match(headers(Map.of("x-beta", "1"))).build(),
        route("anybeta").match(headers(Map.of("x-beta", "*"))).build(),
        route("two").match(headers(Map.of("x-beta", "*", "x-tenant", "*"))).build());

    Request post = Request.get("h", "/").method("POST");
    assertMatch("plain", post);
    assertMatch("port", post.port(8080));
    assertMatch("get", Request.get("h", "/").port(8080));
    assertMatch("read", Request.get("h", "/").method("HEAD").port(8080));
    assertMatch("beta", Request.get("h", "/").header("x-beta", "1"));
    assertMatch("anybeta", Request.get("h", "/").header("x-beta", "2"));
    assertMatch("two", Request.get("h", "/").header("x-beta", "1").header("x-tenant", "t"));
  }

  @Test
  void whereTwoRoutesAskForAsMuchTheLowerIdWins() {
    store.put(
        route("b").match(headers(Map.of("x-one", "1"))).build(),
        route("a").match(headers(Map.of("x-two", "2"))).build());

    assertMatch("a", Request.get("h", "/").header("x-one", "1").header("x-two", "2"));
    assertMatch("b", Request.get("h", "/").header("x-one", "1"));
    assertNull(match(Request.get("h", "/")));
  }

  @Test
  void oneRouteMayHaveSeveralHosts() {
    store.put(route("r").host("a.com").host("*.b.com").host("[::1]").build());

    assertMatch("r", Request.get("a.com", "/"));
    assertMatch("r", Request.get("x.b.com", "/"));
    assertMatch("r", Request.get("[::1]", "/"));
    assertNull(match(Request.get("b.com", "/")));
  }

  @Test
  void manyPathsOfOneHostAreMatchedAsAFewAre() {
    List<String> paths = new ArrayList<>(List.of("/"));
    for (int i = 0; i < 100; i++) {
      paths.add("/a" + i);
      paths.add("/a" + i + "/b/c");
    }
    for (String path : paths) {
      String id = "r" + path.replace('/', '.');
      store.put(route(id).host("h").path(path).build());
    }
    store.put(route("post").match(match("h", "/a7/b/c", "POST")).build());

    assertMatch("r.a7", Request.get("h", "/a7"));
    assertMatch("r.a7", Request.get("h", "/a7/b"));
    assertMatch("r.a7", Request.get("h", "/a7/b/cc"));
    assertMatch("r.a7.b.c", Request.get("h", "/a7/b/c"));
    assertMatch("r.a7.b.c", Request.get("h", "/a7/b/c/d/e/f"));
    assertMatch("post", Request.get("h", "/a7/b/c/d").method("POST"));
    assertMatch("r.", Request.get("h", "/a100/b/c"));
    assertMatch("r.", Request.get("h", "/" + "/".repeat(8_000)));
    assertMatch("r.", Request.get("h", "*"));
  }

  @Test
  void theEmptyTableMatchesNothing() {
    assertNull(RouteTable.empty().match(Request.get("h", "/")));
    assertEquals(0, RouteTable.empty().revision());
  }

  private static Match match(String host, String path, String method) {
    return new Match(List.of(host), path, Set.of(method), Map.of(), 0);
  }

  private static Match headers(Map<String, String> headers) {
    return new Match(List.of(), "/", Set.of(), headers, 0);
  }

  static Route.Builder route(String id) {
    return Route.builder(id).to("http://localhost:9000");
  }

  private String match(Request request) {
    return new RouteTables<>(new IdPlanner()).install(store.snapshot()).match(request);
  }

  private void assertMatch(String id, Request request) {
    assertEquals(id, match(request), request::toString);
  }
}
