package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.HeaderRules;
import io.proxyetc.Match;
import io.proxyetc.Route;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.Script;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route does to a request and its answer, and which route gets a request. */
final class RulesTest {
  private static final HeaderRules RULES =
      new HeaderRules(
          Map.of("X-Set", "ours", "X-New", "new"),
          Map.of("X-Add", "more"),
          List.of("X-Remove", "Cookie"));

  @Test
  void requestFieldsAreRemovedSetAndAdded() {
    try (Rig rig = Rig.start(Script.echoLine(), route -> route.request(RULES))) {
      rig.get(
          "/a",
          "X-Set: theirs",
          "x-set: twice",
          "X-Add: first",
          "x-REMOVE: 1",
          "Cookie: a",
          "cookie: b");
      Received request = rig.target().awaitRequest();
      assertEquals("ours", request.field("X-Set"));
      assertEquals("new", request.field("X-New"));
      assertEquals(List.of("first", "more"), request.all("X-Add"));
      assertFalse(request.has("X-Remove") || request.has("Cookie"), request.head());
    }
  }

  @Test
  void responseFieldsAreRemovedSetAndAdded() {
    String answer =
        "HTTP/1.1 200 OK\r\nX-Set: theirs\r\nx-set: twice\r\nX-Add: first\r\nX-REMOVE: 1\r\n"
            + "Cookie: a\r\nContent-Length: 0\r\n\r\n";
    try (Rig rig = Rig.start(Script.raw(answer), route -> route.response(RULES))) {
      RawResponse got = rig.get("/a");
      assertEquals("ours", got.field("X-Set"));
      assertEquals("new", got.field("X-New"));
      assertEquals(List.of("first", "more"), got.all("X-Add"));
      assertEquals(List.of(), got.all("X-Remove"));
      assertEquals(List.of(), got.all("Cookie"));
    }
  }

  /** The rules have the last word, even over what the proxy itself tells the target. */
  @Test
  void rulesMayRemoveWhatTheProxyAdds() {
    HeaderRules rules =
        new HeaderRules(
            Map.of("X-Forwarded-Proto", "https"),
            Map.of(),
            List.of("Forwarded", "X-Forwarded-Port"));
    try (Rig rig = Rig.start(Script.echoLine(), route -> route.request(rules))) {
      rig.get("/a");
      Received request = rig.target().awaitRequest();
      assertEquals("https", request.field("X-Forwarded-Proto"));
      assertFalse(request.has("Forwarded") || request.has("X-Forwarded-Port"), request.head());
      assertEquals("127.0.0.1", request.field("X-Forwarded-For"));
    }
  }

  @Test
  void hostIsPassedOrTheTargetsOrFixed() {
    try (Rig rig = Rig.start()) {
      Route.Builder route = Route.builder("all").to(rig.target().url());
      Map<Route.HostHeader, String> wanted =
          Map.of(
              Route.HostHeader.PASS,
              "app.test",
              Route.HostHeader.TARGET,
              "127.0.0.1:" + rig.target().port(),
              new Route.HostHeader.Fixed("inner.test:81"),
              "inner.test:81");
      wanted.forEach(
          (kind, host) -> {
            rig.proxy().routes().put(route.hostHeader(kind).build());
            rig.get("/a");
            Received request = rig.target().awaitRequest();
            assertEquals(host, request.field("Host"));
            assertEquals("app.test", request.field("X-Forwarded-Host"));
          });
    }
  }

  @ParameterizedTest
  @CsvSource({"GET, 301", "HEAD, 301", "POST, 308", "PUT, 308", "DELETE, 308"})
  void plainRequestsAreRedirected(String method, int status) {
    try (Rig rig = Rig.start(Script.echoLine(), Route.Builder::redirectToHttps);
        RawClient client = rig.client()) {
      String body = method.equals("POST") ? "GET /smuggled HTTP/1.1\r\n\r\n" : "";
      String length = "Content-Length: " + body.length();
      RawResponse got = client.send(Rig.request(method, "/a/%62?c=d", length) + body).read(method);
      assertEquals(status, got.status());
      assertTrue(
          got.field("Location").matches("https://app\\.test(:\\d+)?/a/(b|%62)\\?c=d"), got.head());
      rig.target().assertNothingReceived();
    }
  }

  /** Else a proxy that ends TLS in front of this one would be sent round and round. */
  @ParameterizedTest
  @CsvSource({
    "X-Forwarded-Proto: https, true, 200",
    "'Forwarded: for=9.9.9.9;proto=https;host=a', true, 200",
    "'Forwarded: proto=https, for=9.9.9.9;proto=http', true, 301",
    "X-Forwarded-Proto: http, true, 301",
    "X-Forwarded-Proto: https, false, 301"
  })
  void whatComesOverTlsByABelievedPeerIsNotRedirected(String field, boolean believed, int status) {
    try (Rig rig =
        Rig.start(
            Script.echoLine(),
            Route.Builder::redirectToHttps,
            proxy -> believed ? proxy.trustedPeers("127.0.0.1", "::1") : proxy)) {
      assertEquals(status, rig.get("/a", field).status());
    }
  }

  @Test
  void overHttpsARouteThatOnlyRedirectsLeadsNowhere() {
    try (Rig rig =
        Rig.start(Script.echoLine(), route -> route, p -> p.trustedPeers("127.0.0.1", "::1"))) {
      rig.proxy().routes().put(Route.builder("all").redirectToHttps().build());
      assertEquals(301, rig.get("/a").status());
      RawResponse got = rig.get("/a", "X-Forwarded-Proto: https");
      assertEquals(404, got.status(), "what never will be there is not away for a moment");
      assertEquals(List.of(), got.all("Retry-After"));
    }
  }

  @Test
  void redirectIsAUriThoughTheClientSentOtherBytes() {
    try (Rig rig = Rig.start(Script.echoLine(), Route.Builder::redirectToHttps)) {
      RawResponse got = rig.get("/a?b=\u00c3\u00a9");
      assertTrue(got.field("Location").endsWith("/a?b=%C3%A9"), got.head());
    }
  }

  @Test
  void redirectNeverLeadsToWhatTheClientMadeUp() {
    try (Rig rig = Rig.start(Script.echoLine(), Route.Builder::redirectToHttps)) {
      RawResponse got = rig.get("//evil.test/%0d%0aX:y");
      assertTrue(got.field("Location").startsWith("https://app.test"), got.head());
      assertEquals(List.of(), got.all("X"));
    }
  }

  @Test
  void requestIdIsMadeOnceForEachRequest() {
    try (Rig rig = Rig.start()) {
      rig.get("/a");
      rig.get("/b");
      String one = rig.target().awaitRequest().field("X-Request-Id");
      String two = rig.target().awaitRequest().field("X-Request-Id");
      assertNotEquals(one, two);
      assertTrue(one.matches("[0-9A-Za-z_-]{16,64}"), one);
    }
  }

  @Test
  void saneRequestIdIsPassed() {
    try (Rig rig = Rig.start()) {
      rig.get("/a", "X-Request-Id: 6f1c2e34-aa01-4c3b-9d1f-0123456789ab");
      assertEquals(
          "6f1c2e34-aa01-4c3b-9d1f-0123456789ab",
          rig.target().awaitRequest().field("X-Request-Id"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-Request-Id: a\r\nX-Request-Id: b",
        "X-Request-Id: a b",
        "X-Request-Id:",
        "X-Request-Id: \u00e4\u00ff"
      })
  void otherRequestIdIsReplaced(String lines) {
    try (Rig rig = Rig.start()) {
      assertEquals(200, rig.get("/a", lines).status());
      String id = rig.target().awaitRequest().field("X-Request-Id");
      assertTrue(id.matches("[0-9A-Za-z_.-]{1,128}"), id);
    }
  }

  @Test
  void tooLongRequestIdIsReplaced() {
    try (Rig rig = Rig.start()) {
      rig.get("/a", "X-Request-Id: " + "a".repeat(5000));
      assertTrue(rig.target().awaitRequest().field("X-Request-Id").length() < 300);
    }
  }

  @Test
  void traceIsPassed() {
    try (Rig rig = Rig.start()) {
      String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      rig.get("/a", "traceparent: " + parent, "tracestate: rojo=1, congo=2");
      Received request = rig.target().awaitRequest();
      assertEquals(parent, request.field("traceparent"));
      assertEquals("rojo=1, congo=2", request.field("tracestate"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, www.example.test, /, '', exact",
    "GET, WWW.Example.TEST:8080, /, '', exact",
    "GET, www.example.test., /, '', exact",
    "GET, x.example.test, /, '', wildcard",
    "GET, x.y.example.test, /, '', wildcard",
    "GET, deep.y.example.test, /app, '', wildcard",
    "GET, z.sub.example.test, /, '', longer-wildcard",
    "GET, example.test, /, '', any",
    "GET, other.test, /app, '', app",
    "GET, other.test, /app/x?y, '', app",
    "GET, other.test, /apple, '', any",
    "GET, other.test, /app/deep/x, '', deep",
    "POST, other.test, /app, '', app-post",
    "GET, other.test, /app, 'X-Canary: yes', app-canary",
    "POST, other.test, /app, 'X-Canary: yes', app-canary",
    "GET, other.test, /app, 'X-Canary: no', app"
  })
  void mostExactRouteWins(String method, String host, String path, String line, String wanted) {
    try (Rig rig = Rig.start()) {
      rig.proxy().routes().delete("all");
      Map<String, Match> routes =
          Map.of(
              "exact", match("/", "www.example.test"),
              "wildcard", match("/", "*.example.test"),
              "longer-wildcard", match("/", "*.sub.example.test"),
              "any", match("/"),
              "app", match("/app"),
              "deep", match("/app/deep"),
              "app-post", new Match(List.of(), "/app", Set.of("POST"), Map.of(), 0),
              "app-canary", new Match(List.of(), "/app", Set.of(), Map.of("X-Canary", "yes"), 0));
      routes.forEach(
          (id, match) ->
              rig.proxy()
                  .routes()
                  .put(
                      Route.builder(id)
                          .match(match)
                          .to(rig.target().url())
                          .request(new HeaderRules(Map.of("X-Route", id), Map.of(), List.of()))
                          .build()));
      String more = line.isEmpty() ? "" : line + "\r\n";
      rig.exchange(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n");
      assertEquals(wanted, rig.target().awaitRequest().field("X-Route"));
    }
  }

  private static Match match(String path, String... hosts) {
    return new Match(List.of(hosts), path, Set.of(), Map.of(), 0);
  }

  @Test
  void listenerPortDecides() {
    try (Rig rig =
        Rig.start(Script.echoLine(), route -> route, proxy -> proxy.http("127.0.0.1", 0))) {
      int second = rig.proxy().listeners().get(1).port();
      rig.proxy()
          .routes()
          .put(
              Route.builder("second")
                  .match(new Match(List.of(), "/", Set.of(), Map.of(), second))
                  .to(rig.target().url())
                  .request(new HeaderRules(Map.of("X-Route", "second"), Map.of(), List.of()))
                  .build());
      rig.get("/a");
      assertFalse(rig.target().awaitRequest().has("X-Route"));
      try (RawClient client = RawClient.connect(second)) {
        client.send(Rig.request("GET", "/b")).read();
      }
      assertEquals("second", rig.target().awaitRequest().field("X-Route"));
    }
  }
}
