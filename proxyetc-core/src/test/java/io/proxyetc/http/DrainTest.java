package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Drain;
import io.proxyetc.Drain.OnRemove;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;
import io.proxyetc.spi.Balancer;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.BusyPort;
import io.proxyetc.testkit.Exchange;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.WebSocketEcho;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of requests in flight at a target that goes. */
final class DrainTest {
  private static final Drain SOON = new Drain(Duration.ofMillis(400), OnRemove.DRAIN);
  private static final Drain LATER = Drain.DEFAULT;
  private static final Drain CLOSE = new Drain(Duration.ofSeconds(30), OnRemove.CLOSE);
  private static final Drain KEEP = new Drain(Duration.ofMillis(100), OnRemove.KEEP);
  private static final String UPGRADE =
      Rig.request("GET", "/tunnel", "Connection: Upgrade", "Upgrade: raw");
  private static final String WEB_SOCKET =
      Rig.request(
          "GET",
          "/ws",
          "Connection: Upgrade",
          "Upgrade: websocket",
          "Sec-WebSocket-Version: 13",
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

  /** Lets the download end. */
  private final CompletableFuture<Void> go = new CompletableFuture<>();

  private final RecordingTarget a = RecordingTarget.start(server("a"));
  private final RecordingTarget b = RecordingTarget.start(server("b"));
  private final ProxyServer proxy =
      ProxyServer.builder()
          .http("localhost", 0)
          .ioThreads(2)
          .limits(Rig.LIMITS)
          .balancer("in order", inOrder())
          .start();

  /** The first that can be claimed. */
  private static Balancer inOrder() {
    return targets -> (request, attempt) -> attempt < targets.size() ? attempt : -1;
  }

  @AfterEach
  void stop() {
    go.complete(null);
    proxy.close();
    a.close();
    b.close();
  }

  private Script server(String name) {
    return exchange -> {
      switch (exchange.request().path()) {
        case "/download", "/chunks" -> download(exchange);
        case "/tunnel" -> echo(exchange);
        case "/ws" -> new WebSocketEcho().run(exchange);
        case "/silent" -> {
          if (name.equals("a")) {
            Script.silent().run(exchange);
          }
          exchange.send(Script.okay(name));
        }
        default -> {
          exchange.readBody();
          exchange.send(Script.okay(name));
        }
      }
    };
  }

  private void download(Exchange exchange) throws IOException {
    exchange.readBody();
    boolean chunked = exchange.request().path().equals("/chunks");
    String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: 10";
    exchange.send("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n");
    exchange.send(chunked ? "5\r\nhello\r\n" : "hello");
    Await.get("the test lets the download end", go);
    exchange.send(chunked ? "5\r\nworld\r\n0\r\n\r\n" : "world");
  }

  private static void echo(Exchange exchange) throws IOException {
    exchange.send(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n");
    byte[] buffer = new byte[1024];
    for (int n = exchange.readRaw(buffer); n > 0; n = exchange.readRaw(buffer)) {
      exchange.send(buffer, 0, n);
    }
    exchange.bodyDone();
    exchange.close();
  }

  // ---- routes ----

  private void put(Drain drain, Target... targets) {
    proxy
        .routes()
        .put(
            Route.builder("app")
                .group(TargetGroup.of("default", Arrays.asList(targets)))
                .balancer("in order")
                .drain(drain)
                .build());
  }

  private Target a(Target.State state) {
    return Target.of(a.url()).withState(state);
  }

  private Target a() {
    return a(Target.State.READY);
  }

  private Target b() {
    return Target.of(b.url());
  }

  private RawClient client() {
    return RawClient.connect(proxy.port());
  }

  private String get() {
    try (RawClient client = client()) {
      return client.send(Rig.request("GET", "/")).read().body();
    }
  }

  /** A download of which half has come. */
  private RawClient downloading() {
    RawClient client = client().send(Rig.request("GET", "/download"));
    assertEquals(200, client.readHead("GET").status());
    assertEquals("hello", client.readExactly(5));
    return client;
  }

  private RawClient tunnel() {
    RawClient client = client().send(UPGRADE);
    assertEquals(101, client.readHead("GET").status());
    assertEchoes(client);
    return client;
  }

  private static void assertEchoes(RawClient client) {
    assertEquals("echo", client.send("echo").readExactly(4));
  }

  private void finishes(RawClient client) {
    go.complete(null);
    assertEquals("world", client.readExactly(5));
    assertEquals("b", client.send(Rig.request("GET", "/next")).read().body());
  }

  private static void isCut(RawClient client) {
    assertEquals("", client.readToEnd());
  }

  private void nothingIsLeft(RecordingTarget of) {
    Await.until("nothing is in flight", () -> proxy.stats().inFlight() == 0);
    Await.until(
        "no state of it is left",
        () -> proxy.targets().stream().noneMatch(status -> status.target().url().equals(of.url())));
  }

  // ---- removal ----

  @Test
  void aDownloadThatOutlivesItsTargetWithinTheDeadlineIsComplete() {
    put(LATER, a(), b());
    try (RawClient client = downloading()) {
      put(LATER, b());
      assertEquals("b", get());
      finishes(client);
    }
    nothingIsLeft(a);
  }

  @Test
  void aDownloadBeyondTheDeadlineIsCut() {
    put(SOON, a(), b());
    try (RawClient client = downloading();
        RawClient chunks = client().send(Rig.request("GET", "/chunks"))) {
      RawResponse head = chunks.readHead("GET");
      assertEquals("hello", chunks.readChunk());
      assertEquals(200, head.status());
      put(SOON, b());
      isCut(client);
      isCut(chunks); // without the last chunk: it is not complete
      assertEquals("b", get());
      a.connections().forEach(connection -> connection.awaitEnded());
    }
    nothingIsLeft(a);
  }

  @Test
  void aRouteThatIsRemovedDrains() {
    put(LATER, a());
    try (RawClient client = downloading();
        RawClient tunnel = tunnel()) {
      proxy.routes().delete("app");
      try (RawClient other = client()) {
        assertEquals(404, other.send(Rig.request("GET", "/")).read().status());
      }
      assertEchoes(tunnel);
      go.complete(null);
      assertEquals("world", client.readExactly(5));
      assertEchoes(tunnel);
      tunnel.hangUp();
    }
    nothingIsLeft(a);
  }

  @Test
  void aRouteThatIsRemovedIsCutAtItsDeadline() {
    put(SOON, a());
    try (RawClient client = downloading();
        RawClient tunnel = tunnel()) {
      proxy.routes().delete("app");
      isCut(client);
      isCut(tunnel);
    }
    nothingIsLeft(a);
  }

  @Test
  void closeCutsAtOnceAndOthersAreNotTouched() {
    put(CLOSE, a(), b());
    try (RawClient client = downloading();
        RawClient tunnel = tunnel()) {
      put(CLOSE, b());
      isCut(client);
      isCut(tunnel);
      try (RawClient other = tunnel()) {
        put(CLOSE, b(), a());
        put(CLOSE, b());
        assertEchoes(other);
      }
    }
    nothingIsLeft(a);
  }

  @Test
  void keepCutsNever() {
    put(KEEP, a(), b());
    try (RawClient client = downloading();
        RawClient tunnel = tunnel()) {
      put(KEEP, b());
      client.rest(300); // three deadlines
      assertEchoes(tunnel);
      finishes(client);
    }
    nothingIsLeft(a);
  }

  @Test
  void aTargetThatComesBackWithinTheDeadlineIsNotCut() {
    put(SOON, a(), b());
    try (RawClient client = downloading();
        RawClient tunnel = tunnel()) {
      put(SOON, b());
      assertEquals("b", get());
      put(SOON, a(), b());
      assertEquals("a", get());
      client.rest(600); // beyond the deadline
      assertEchoes(tunnel);
      put(SOON, b(), a());
      finishes(client);
    }
  }

  @Test
  void tunnelsAreClosedAtTheDeadline() {
    put(SOON, a(), b());
    try (RawClient tunnel = tunnel();
        RawClient webSocket = client().send(WEB_SOCKET)) {
      assertEquals(101, webSocket.readHead("GET").status());
      String frame = WebSocketEcho.clientFrame(1, "text");
      assertTrue(webSocket.send(frame).readExactly(6).endsWith("text"));
      put(SOON, b());
      isCut(tunnel);
      isCut(webSocket);
    }
    nothingIsLeft(a);
  }

  /** The IO thread hears of the cut only when the target is back, with new requests. */
  @Test
  void aCutThatComesTooLateTouchesNothing() {
    CompletableFuture<Void> held = new CompletableFuture<>();
    CompletableFuture<Void> leave = new CompletableFuture<>();
    Balancer holding =
        targets ->
            (request, attempt) -> {
              if (request.path().equals("/hold")) {
                held.complete(null);
                Await.get("leave to go on", leave);
              }
              return attempt == 0 ? 0 : -1;
            };
    try (ProxyServer other =
        ProxyServer.builder()
            .http("localhost", 0)
            .ioThreads(1)
            .limits(Rig.LIMITS)
            .balancer("holding", holding)
            .start()) {
      Route.Builder route = Route.builder("app").balancer("holding").drain(CLOSE);
      other.routes().put(route.to(a.url()).build());
      try (RawClient download = RawClient.connect(other.port());
          RawClient hold = RawClient.connect(other.port())) {
        download.send(Rig.request("GET", "/download"));
        assertEquals(200, download.readHead("GET").status());
        assertEquals("hello", download.readExactly(5));
        hold.send(Rig.request("GET", "/hold"));
        Await.get("the IO thread is held", held);
        other.routes().delete("app");
        other.routes().put(route.build());
        leave.complete(null);
        assertEquals("a", hold.read().body());
        go.complete(null);
        assertEquals("world", download.readExactly(5));
      }
    }
  }

  // ---- switch ----

  private void blueAndGreen(Drain drain) {
    proxy
        .routes()
        .put(
            Route.builder("app")
                .group(TargetGroup.of("blue", a.url()))
                .group(TargetGroup.of("green", b.url()))
                .active("blue")
                .drain(drain)
                .build());
  }

  @Test
  void aSwitchDrainsTheGroupThatItLeaves() {
    blueAndGreen(LATER);
    try (RawClient client = downloading();
        RawClient tunnel = tunnel()) {
      proxy.routes().switchTo("app", "green");
      assertEquals("b", get());
      assertEchoes(tunnel);
      finishes(client);
      assertEchoes(tunnel);
    }
    nothingIsLeft(a);
  }

  @Test
  void aSwitchCutsTheGroupThatItLeftAtItsDeadline() {
    blueAndGreen(SOON);
    try (RawClient client = downloading();
        RawClient tunnel = tunnel()) {
      proxy.routes().switchTo("app", "green");
      isCut(client);
      isCut(tunnel);
    }
    nothingIsLeft(a);
  }

  /** Its target and its group are gone, but there is another group now. */
  @Test
  void aRequestThatIsCutByASwitchGoesToTheNewGroup() {
    blueAndGreen(CLOSE);
    try (RawClient client = client().send(Rig.request("GET", "/silent"))) {
      a.awaitRequest();
      proxy.routes().switchTo("app", "green");
      assertEquals("b", client.read().body());
    }
    nothingIsLeft(a);
  }

  // ---- an operator's word ----

  @Test
  void drainTakesNoNewClientsAndCutsAtTheDeadline() {
    put(SOON, a(), b());
    try (RawClient client = downloading();
        RawClient tunnel = tunnel()) {
      put(SOON, a(Target.State.DRAIN), b());
      assertEquals("b", get());
      isCut(client);
      isCut(tunnel);
      assertEquals("b", get());
      put(SOON, a(), b());
      assertEquals("a", get());
    }
  }

  @Test
  void drainLetsGoOnWhatEndsInTime() {
    put(LATER, a(), b());
    try (RawClient client = downloading()) {
      put(LATER, a(Target.State.DRAIN), b());
      finishes(client);
    }
  }

  @Test
  void readyAgainBeforeTheDeadlineCutsNothing() {
    put(SOON, a(), b());
    try (RawClient client = downloading();
        RawClient tunnel = tunnel()) {
      put(SOON, a(Target.State.DRAIN), b());
      put(SOON, a(), b());
      client.rest(600); // beyond the deadline
      assertEchoes(tunnel);
      put(SOON, b(), a());
      finishes(client);
    }
  }

  @Test
  void disabledCutsAtOnce() {
    put(LATER, a(), b());
    try (RawClient client = downloading();
        RawClient tunnel = tunnel()) {
      put(LATER, a(Target.State.DISABLED), b());
      isCut(client);
      isCut(tunnel);
      assertEquals("b", get());
    }
  }

  @Test
  void aRequestWithoutAnAnswerYetGoesToAnotherTarget() {
    put(LATER, a(), b());
    try (RawClient client = client().send(Rig.request("GET", "/silent"))) {
      a.awaitRequest();
      put(LATER, a(Target.State.DISABLED), b());
      assertEquals("b", client.read().body());
      assertEquals(1, proxy.stats().retries());
    }
  }

  @Test
  void aRequestThatMustNotBeRepeatedFailsAndSaysWhy() {
    put(LATER, a(), b());
    try (RawClient client = client().send(Rig.post("/silent", "once"))) {
      a.awaitRequest();
      put(LATER, a(Target.State.DISABLED), b());
      RawResponse answer = client.read();
      assertEquals(502, answer.status());
      assertTrue(answer.body().contains("taken out of service"), answer.body());
    }
    b.assertNothingReceived();
  }

  /** Its target swallows what it gets: that it connects, or does not, is not waited for. */
  @ParameterizedTest
  @EnumSource(
      value = OnRemove.class,
      names = {"CLOSE", "DRAIN"})
  void aRequestThatStillConnectsGoesElsewhereAtOnce(OnRemove how) {
    try (BusyPort busy = BusyPort.open()) {
      Target swallows = Target.of(busy.url());
      put(CLOSE, swallows, b());
      try (RawClient get = client().send(Rig.request("GET", "/"));
          RawClient post = client().send(Rig.post("/", "body"))) {
        Await.until("both connect", () -> proxy.stats().inFlight() == 2);
        if (how == OnRemove.CLOSE) {
          put(CLOSE, b());
        } else {
          put(CLOSE, swallows.withState(Target.State.DISABLED), b());
        }
        assertEquals("b", get.read().body());
        assertEquals("b", post.read().body(), "nothing of it was sent");
        assertEquals(0, proxy.stats().retries(), "and that is no retry");
      }
    }
  }

  /** All targets at once, so that nothing is left: the client hears that, and not of a fault. */
  @Test
  void whereNoTargetIsLeftTheClientHearsSo() {
    put(LATER, a());
    try (RawClient client = client().send(Rig.request("GET", "/silent"))) {
      a.awaitRequest();
      put(LATER, a(Target.State.DISABLED));
      assertEquals(503, client.read().status());
    }
  }

  /**
   * One goes as the other comes, in one change, while a picker is prepared for it: until that is
   * live requests go by the route before.
   */
  @Test
  void noRequestFailsWhileAChangeIsPrepared() {
    CompletableFuture<Void> preparing = new CompletableFuture<>();
    CompletableFuture<Void> leave = new CompletableFuture<>();
    Balancer slow =
        targets -> {
          if (targets.size() == 2) {
            preparing.complete(null);
            Await.get("leave to go on", leave);
          }
          return (request, attempt) -> attempt < targets.size() ? attempt : -1;
        };
    try (ProxyServer other =
        ProxyServer.builder()
            .http("localhost", 0)
            .ioThreads(1)
            .limits(Rig.LIMITS)
            .balancer("slow", slow)
            .start()) {
      Route.Builder route = Route.builder("app").balancer("slow");
      other.routes().put(route.group(TargetGroup.of("default", a.url())).build());
      CompletableFuture<Void> putting =
          OwnThread.run(
              () ->
                  other
                      .routes()
                      .put(
                          route
                              .group(
                                  TargetGroup.of("default", List.of(a(Target.State.DISABLED), b())))
                              .build()));
      Await.get("the picker is being prepared", preparing);
      try (RawClient client = RawClient.connect(other.port())) {
        assertEquals("a", client.send(Rig.request("GET", "/")).read().body());
        leave.complete(null);
        Await.get("the change", putting);
        assertEquals("b", client.send(Rig.request("GET", "/")).read().body());
      }
    }
  }
}
