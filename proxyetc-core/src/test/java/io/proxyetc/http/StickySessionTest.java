package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Active;
import io.proxyetc.Drain;
import io.proxyetc.Limits;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.Session;
import io.proxyetc.SessionSecret;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A cookie keeps a client at its target, as long as that one can have it. */
final class StickySessionTest {
  private static final String ATTRIBUTES = "; Path=/; HttpOnly; SameSite=Lax";
  private static final String COOKIE = "proxyetc-app=[A-Za-z0-9_-]{24}";

  private final Map<String, RecordingTarget> targets = new HashMap<>();
  private final List<ProxyServer> proxies = new ArrayList<>();

  @AfterEach
  void close() {
    proxies.forEach(ProxyServer::close);
    targets.values().forEach(RecordingTarget::close);
  }

  /** A target that answers with its name. */
  private RecordingTarget target(String name) {
    return targets.computeIfAbsent(name, n -> RecordingTarget.start(Script.raw(Script.okay(n))));
  }

  private String other(String name) {
    return targets.keySet().stream().filter(n -> !n.equals(name)).findFirst().orElseThrow();
  }

  private ProxyServer proxy(UnaryOperator<ProxyServer.Builder> how) {
    ProxyServer proxy =
        how.apply(ProxyServer.builder().http("localhost", 0).ioThreads(1).limits(Rig.LIMITS))
            .start();
    proxies.add(proxy);
    return proxy;
  }

  /** A proxy with targets a and b behind a sticky route. */
  private ProxyServer two() {
    return two(route -> route);
  }

  private ProxyServer two(UnaryOperator<Route.Builder> how) {
    ProxyServer proxy = proxy(p -> p);
    proxy.routes().put(how.apply(app()).build());
    return proxy;
  }

  private Route.Builder app() {
    return Route.builder("app").to(target("a").url(), target("b").url()).sticky();
  }

  /** The same group, where one target is in another state. */
  private Route with(String name, UnaryOperator<Target> change) {
    List<Target> changed =
        targets.keySet().stream()
            .sorted()
            .map(n -> Target.of(target(n).url()))
            .map(t -> t.url().equals(target(name).url()) ? change.apply(t) : t)
            .toList();
    return Route.builder("app").group(TargetGroup.of("default", changed)).sticky().build();
  }

  private static RawResponse get(ProxyServer proxy, String... lines) {
    try (RawClient client = RawClient.connect(proxy.port())) {
      return client.send(Rig.request("GET", "/", lines)).read();
    }
  }

  /** What a browser would send back, as a field of a request. */
  private static String cookie(RawResponse response) {
    List<String> set = response.all("Set-Cookie");
    assertEquals(1, set.size(), response.head());
    return "Cookie: " + set.get(0).substring(0, set.get(0).indexOf(';'));
  }

  private static void assertStays(ProxyServer proxy, String cookie, String name) {
    for (int i = 0; i < 5; i++) {
      RawResponse got = get(proxy, cookie);
      assertEquals(name, got.body());
      assertEquals(List.of(), got.all("Set-Cookie"));
    }
  }

  /** The client goes to another target, and stays there from then on. */
  private static void assertMoves(ProxyServer proxy, String cookie, String name) {
    RawResponse moved = get(proxy, cookie);
    assertEquals(name, moved.body());
    assertNotEquals(cookie, cookie(moved));
    assertStays(proxy, cookie(moved), name);
  }

  // ---- the cookie ----

  @Test
  void theFirstAnswerSetsACookieThatKeepsTheClient() {
    ProxyServer proxy = two();
    Map<String, String> cookies = new HashMap<>();
    for (int i = 0; i < 4; i++) {
      RawResponse first = get(proxy);
      String set = first.field("Set-Cookie");
      assertTrue(set.matches(COOKIE + ATTRIBUTES), set);
      cookies.put(first.body(), cookie(first));
    }
    assertEquals(Set.of("a", "b"), cookies.keySet());
    cookies.forEach((name, cookie) -> assertStays(proxy, cookie, name));
    String passedOn = target("a").requests().get(target("a").requests().size() - 1).field("Cookie");
    assertEquals(cookies.get("a"), "Cookie: " + passedOn);
  }

  @Test
  void aRouteSaysWhatItsCookieIsLike() {
    Session session = new Session("sid", "/shop", Duration.ofDays(1));
    ProxyServer proxy = two(route -> route.sticky(session));
    String set = get(proxy).field("Set-Cookie");
    String expected = "sid=[A-Za-z0-9_-]{24}; Path=/shop; Max-Age=86400; HttpOnly; SameSite=Lax";
    assertTrue(set.matches(expected), set);
  }

  @Test
  void itIsSecureWhereABelievedPeerSaysThatTheClientCameByHttps() {
    String https = "X-Forwarded-Proto: https";
    ProxyServer proxy = proxy(p -> p.trustedPeers("127.0.0.1"));
    proxy.routes().put(app().build());
    String set = get(proxy, https).field("Set-Cookie");
    assertTrue(set.matches(COOKIE + ATTRIBUTES + "; Secure"), set);
    set = get(proxy).field("Set-Cookie");
    assertTrue(set.matches(COOKIE + ATTRIBUTES), set);
    set = get(two(), https).field("Set-Cookie");
    assertTrue(set.matches(COOKIE + ATTRIBUTES), "a stranger's word: " + set);
  }

  @Test
  void aRouteWithoutSessionsSetsNone() {
    ProxyServer proxy = proxy(p -> p);
    proxy.routes().put(Route.builder("app").to(target("a").url()).build());
    assertEquals(List.of(), get(proxy).all("Set-Cookie"));
  }

  @Test
  void theCookiesOfTheTargetPass() {
    target("a")
        .always(
            Script.raw(
                "HTTP/1.1 200 OK\r\nSet-Cookie: x=1; Path=/\r\nset-cookie: y=2\r\n"
                    + "Content-Length: 0\r\n\r\n"));
    ProxyServer proxy = proxy(p -> p);
    proxy.routes().put(Route.builder("app").to(target("a").url()).sticky().build());
    RawResponse got = get(proxy);
    assertEquals(List.of("x=1; Path=/", "y=2"), got.all("Set-Cookie").subList(0, 2));
    assertTrue(got.all("Set-Cookie").get(2).matches(COOKIE + ATTRIBUTES), got.head());
    String ours = "Cookie: " + got.all("Set-Cookie").get(2).split(";", -1)[0];
    assertEquals(List.of("x=1; Path=/", "y=2"), get(proxy, ours).all("Set-Cookie"));
  }

  @Test
  void whatIsForgedOrForeignIsIgnored() {
    ProxyServer proxy = two();
    RawResponse first = get(proxy);
    String cookie = cookie(first);
    proxy
        .routes()
        .put(
            Route.builder("foreign")
                .host("foreign.test")
                .to(target("a").url(), target("b").url())
                .sticky(new Session("proxyetc-app", "/", Duration.ZERO))
                .build());
    String foreign;
    try (RawClient client = RawClient.connect(proxy.port())) {
      foreign = cookie(client.send("GET / HTTP/1.1\r\nHost: foreign.test\r\n\r\n").read());
    }
    char last = cookie.charAt(cookie.length() - 1);
    for (String bad :
        List.of(
            foreign,
            "Cookie: proxyetc-app=",
            "Cookie: proxyetc-app",
            "Cookie: =",
            "Cookie: ;;; ;",
            "Cookie: proxyetc-app=AAAAAAAAAAAAAAAAAAAAAAAA",
            "Cookie: proxyetc-app=\"",
            "Cookie: proxyetc-app=" + target("a").url(),
            cookie.substring(0, cookie.length() - 1) + (last == 'A' ? 'B' : 'A'),
            cookie.substring(0, cookie.length() - 1),
            cookie + "A",
            cookie.replace("proxyetc-app", "Proxyetc-App"),
            cookie.replace("proxyetc-app", "xproxyetc-app"),
            cookie.replace("proxyetc-app", "proxyetc-ap"))) {
      Set<String> bodies = new HashSet<>();
      for (int i = 0; i < 2; i++) {
        RawResponse got = get(proxy, bad);
        assertEquals(200, got.status(), bad);
        assertTrue(cookie(got).matches("Cookie: " + COOKIE), bad);
        bodies.add(got.body());
      }
      assertEquals(Set.of("a", "b"), bodies, bad);
    }
  }

  @Test
  void itIsFoundWhereverItStands() {
    ProxyServer proxy = two();
    RawResponse first = get(proxy);
    String pair = cookie(first).substring("Cookie: ".length());
    String quoted = pair.replace("=", "=\"") + "\"";
    for (String lines :
        List.of(
            "cookie: " + pair,
            "Cookie: a=b; " + pair + "; c=d",
            "Cookie: a=b;" + pair + ";c=d",
            "Cookie: a=\"b; " + pair,
            "Cookie:   " + pair + "  ; x",
            "Cookie: " + quoted,
            "Cookie: x=1; " + quoted + "; y",
            "Cookie: a=b\r\nCookie: c=d\r\nCookie: " + pair,
            "Cookie: proxyetc-app=stale; " + pair,
            "Cookie: " + pair + "; proxyetc-app=stale",
            "Cookie: proxyetc-app=stale\r\nCookie: " + pair)) {
      assertStays(proxy, lines, first.body());
    }
  }

  // ---- the fleet ----

  @Test
  void proxiesThatShareASecretKeepAClientAtTheSameTarget() {
    SessionSecret shared = SessionSecret.of("0123456789abcdef".getBytes(StandardCharsets.US_ASCII));
    ProxyServer one = proxy(p -> p.sessionSecret(shared));
    ProxyServer two = proxy(p -> p.sessionSecret(shared));
    one.routes().put(app().build());
    two.routes()
        .put(Route.builder("app").to(target("b").url(), target("a").url()).sticky().build());
    for (int i = 0; i < 2; i++) {
      RawResponse first = get(one);
      assertStays(two, cookie(first), first.body());
    }
    String cookie = cookie(get(one));
    assertNotEquals(cookie, cookie(get(two(), cookie)), "one with a secret of its own");
  }

  // ---- targets that go ----

  @Test
  void aDrainingTargetKeepsItsClientsUntilTheDeadlineAndGetsNoNewOnes() {
    ProxyServer proxy = two();
    RawResponse first = get(proxy);
    String mine = first.body();
    Route draining = with(mine, t -> t.withState(Target.State.DRAIN));
    proxy.routes().put(draining);
    for (int i = 0; i < 6; i++) {
      assertEquals(mine, get(proxy, cookie(first)).body());
      assertEquals(other(mine), get(proxy).body());
    }
    assertStays(proxy, cookie(first), mine);

    // Drained anew, with a short time.
    proxy.routes().put(with(mine, t -> t));
    Drain soon = new Drain(Duration.ofMillis(200), Drain.OnRemove.DRAIN);
    proxy.routes().put(draining.toBuilder().drain(soon).build());
    Await.until("its time is over", () -> get(proxy, cookie(first)).body().equals(other(mine)));
    assertMoves(proxy, cookie(first), other(mine));
  }

  @Test
  void aDisabledTargetLosesItsClients() {
    ProxyServer proxy = two();
    RawResponse first = get(proxy);
    proxy.routes().put(with(first.body(), t -> t.withState(Target.State.DISABLED)));
    assertMoves(proxy, cookie(first), other(first.body()));
  }

  @Test
  void soDoesOneThatIsRemoved() {
    ProxyServer proxy = two();
    RawResponse first = get(proxy);
    String next = other(first.body());
    proxy.routes().put(Route.builder("app").to(target(next).url()).sticky().build());
    assertMoves(proxy, cookie(first), next);
  }

  /** Weight 0 is for new traffic. */
  @Test
  void aTargetOfWeight0KeepsItsClients() {
    ProxyServer proxy = two();
    RawResponse first = get(proxy);
    proxy.routes().put(with(first.body(), t -> t.withWeight(0)));
    assertStays(proxy, cookie(first), first.body());
    assertEquals(other(first.body()), get(proxy).body());
    assertEquals(other(first.body()), get(proxy).body());
  }

  @Test
  void aTargetThatMovesToAnotherAddressUnderItsIdKeepsItsClients() {
    ProxyServer proxy = proxy(p -> p);
    TargetGroup group =
        TargetGroup.of(
            "default",
            List.of(
                Target.of(target("a").url()).withId("one"),
                Target.of(target("b").url()).withId("two")));
    proxy.routes().put(Route.builder("app").group(group).sticky().build());
    RawResponse first = get(proxy);
    proxy
        .routes()
        .put(
            Route.builder("app")
                .group(
                    group.withTargets(
                        List.of(
                            Target.of(target("b").url()).withId("one"),
                            Target.of(target("a").url()).withId("two"))))
                .sticky()
                .build());
    assertStays(proxy, cookie(first), other(first.body()));
  }

  @Test
  void aRefusedConnectMovesTheClient() {
    ProxyServer proxy = two();
    RawResponse first = get(proxy);
    RecordingTarget dead = target(first.body());
    dead.stopListening();
    dead.closeConnections();
    assertMoves(proxy, cookie(first), other(first.body()));
  }

  @Test
  void soDoesARetry() {
    ProxyServer proxy = two(route -> route.retries(1));
    RawResponse first = get(proxy);
    RecordingTarget broken = target(first.body());
    broken.always(exchange -> exchange.close());
    assertMoves(proxy, cookie(first), other(first.body()));
    broken.always(Script.raw(Script.okay("mended")));
  }

  /** Its only target is asked again, and nothing else is there to go to. */
  @Test
  void aRetryMayGoToTheSameTargetWhereThereIsNoOther() {
    ProxyServer proxy = proxy(p -> p);
    proxy.routes().put(Route.builder("app").to(target("a").url()).sticky().retries(2).build());
    String cookie = cookie(get(proxy));
    target("a").next(exchange -> exchange.close(), exchange -> exchange.close());
    assertStays(proxy, cookie, "a");
  }

  @Test
  void aFullTargetIsPassedOver() throws Exception {
    ProxyServer proxy = proxy(p -> p.limits(Rig.LIMITS.withMaxSockets(1)));
    proxy.routes().put(app().build());
    RawResponse first = get(proxy);
    CountDownLatch go = new CountDownLatch(1);
    target(first.body())
        .next(
            exchange -> {
              awaitQuietly(go);
              exchange.send(Script.okay("slow"));
            });
    try (RawClient slow = RawClient.connect(proxy.port())) {
      slow.send(Rig.request("GET", "/slow", cookie(first)));
      Await.until("it is busy", () -> target(first.body()).lines().contains("GET /slow"));
      RawResponse moved = get(proxy, cookie(first));
      assertEquals(other(first.body()), moved.body());
      assertNotEquals(cookie(first), cookie(moved));
      go.countDown();
      assertEquals("slow", slow.read().body());
    } finally {
      go.countDown();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void theProxysOwnAnswersCarryNone() {
    ProxyServer proxy = two();
    String cookie = cookie(get(proxy));
    targets.values().forEach(RecordingTarget::stopListening);
    targets.values().forEach(RecordingTarget::closeConnections);
    for (String[] lines : new String[][] {{}, {cookie}}) {
      RawResponse got = get(proxy, lines);
      assertEquals(502, got.status());
      assertEquals(List.of(), got.all("Set-Cookie"));
    }
  }

  // ---- groups ----

  private Route.Builder canary(int blue, int green) {
    return Route.builder("app")
        .group("blue", target("a").url())
        .group("green", target("b").url())
        .active(new Active(Map.of("blue", blue, "green", green)))
        .sticky();
  }

  @Test
  void aClientStaysInItsGroupDuringACanaryAndLeavesItWithTheSwitch() {
    ProxyServer proxy = proxy(p -> p);
    proxy.routes().put(canary(1, 1).build());
    Map<String, String> cookies = new HashMap<>();
    while (cookies.size() < 2) {
      RawResponse first = get(proxy);
      cookies.put(first.body(), cookie(first));
    }
    cookies.forEach((name, cookie) -> assertStays(proxy, cookie, name));
    proxy.routes().put(canary(1, 1000).build());
    cookies.forEach((name, cookie) -> assertStays(proxy, cookie, name));

    proxy.routes().put(canary(0, 1).build());
    assertMoves(proxy, cookies.getOrDefault("a", ""), "b");
    assertStays(proxy, cookies.getOrDefault("b", ""), "b");

    proxy.routes().switchTo("app", "blue");
    assertStays(proxy, cookies.getOrDefault("a", ""), "a");
    assertMoves(proxy, cookies.getOrDefault("b", ""), "a");
  }

  // ---- other ways ----

  @Test
  void aHandshakeOfAnotherProtocolCarriesIt() {
    String switching =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n";
    ProxyServer proxy = two();
    targets
        .values()
        .forEach(
            target ->
                target.always(
                    exchange -> {
                      exchange.send(switching);
                      exchange.awaitEnd();
                    }));
    String head = handshake(proxy);
    assertTrue(
        head.matches("(?s)HTTP/1.1 101 .*Set-Cookie: " + COOKIE + ATTRIBUTES + "\r\n.*"), head);
    String cookie = "Cookie: " + head.replaceAll("(?s).*Set-Cookie: ([^;]*);.*", "$1");
    List<Integer> before = counts();
    for (int i = 0; i < 4; i++) {
      String again = handshake(proxy, cookie);
      assertFalse(again.contains("Set-Cookie"), again);
    }
    List<Integer> after = counts();
    assertTrue(
        after.equals(List.of(before.get(0) + 4, before.get(1)))
            || after.equals(List.of(before.get(0), before.get(1) + 4)),
        before + " became " + after);
  }

  private List<Integer> counts() {
    return List.of(target("a").requests().size(), target("b").requests().size());
  }

  private static String handshake(ProxyServer proxy, String... lines) {
    List<String> all = new ArrayList<>(List.of("Connection: Upgrade", "Upgrade: raw"));
    all.addAll(List.of(lines));
    try (RawClient client = RawClient.connect(proxy.port())) {
      client.send(Rig.request("GET", "/", all.toArray(String[]::new)));
      return client.readHeadText();
    }
  }

  @Test
  void soDoesAnAnswerWithoutBodyAndNoInterimOne() {
    target("a")
        .always(
            Script.raw(
                "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
                    + "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n"));
    ProxyServer proxy = proxy(p -> p.limits(Limits.DEFAULT.withDrain(Duration.ZERO)));
    proxy.routes().put(Route.builder("app").to(target("a").url()).sticky().build());
    try (RawClient client = RawClient.connect(proxy.port())) {
      client.send(Rig.request("GET", "/"));
      String hints = client.readHeadText();
      assertTrue(hints.startsWith("HTTP/1.1 103 ") && !hints.contains("Set-Cookie"), hints);
      String last = client.readHeadText();
      assertTrue(last.startsWith("HTTP/1.1 304 ") && last.contains("Set-Cookie"), last);
    }
  }
}
