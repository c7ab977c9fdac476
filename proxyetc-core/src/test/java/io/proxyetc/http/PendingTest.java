package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Active;
import io.proxyetc.Capacity;
import io.proxyetc.Ejection;
import io.proxyetc.Health;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A target is asked no more at once than it may be, and the rest waits its turn. */
final class PendingTest {
  private static final Capacity ONE = Capacity.of(1);
  private static final Capacity SOCKETS = new Capacity(0, 1_000, Duration.ofSeconds(30));

  /** Each answer wants leave: who has it is counted. */
  private static final class Gate {
    final Semaphore leave = new Semaphore(0);
    final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger present = new AtomicInteger();

    Script script() {
      return exchange -> {
        exchange.readBody();
        most.accumulateAndGet(present.incrementAndGet(), Math::max);
        try {
          if (!leave.tryAcquire(10, TimeUnit.SECONDS)) {
            throw new AssertionError("no leave to answer");
          }
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        } finally {
          present.decrementAndGet();
        }
        exchange.send(Script.okay(exchange.request().path()));
      };
    }
  }

  private static Rig threads(Script script, UnaryOperator<Route.Builder> route, int maxSockets) {
    return Rig.start(
        script, route, proxy -> proxy.ioThreads(2).limits(Rig.LIMITS.withMaxSockets(maxSockets)));
  }

  private static void awaitPending(ProxyServer proxy, long count) {
    Await.until("requests wait: " + count, () -> proxy.stats().pending() == count);
  }

  private static List<RawClient> queueUp(Rig rig, int first, int count) {
    List<RawClient> clients = new ArrayList<>();
    long before = rig.proxy().stats().pending();
    for (int i = 0; i < count; i++) {
      clients.add(rig.client().send(Rig.request("GET", "/" + (first + i))));
      awaitPending(rig.proxy(), before + i + 1);
    }
    return clients;
  }

  @RepeatedTest(5)
  void aTargetGetsNoMoreAtOnceAndTheOthersFollowInTheirOrder() {
    Gate gate = new Gate();
    try (Rig rig = threads(gate.script(), route -> route.capacity(ONE), 100);
        RawClient first = rig.client()) {
      first.send(Rig.request("GET", "/0"));
      rig.target().awaitRequest();
      List<RawClient> waiting = queueUp(rig, 1, 8);
      assertEquals(1, rig.target().requests().size());
      gate.leave.release(9);
      assertEquals("/0", first.read().body());
      for (int i = 0; i < 8; i++) {
        assertEquals("/" + (i + 1), waiting.get(i).read().body());
      }
      assertEquals(
          List.of("/0", "/1", "/2", "/3", "/4", "/5", "/6", "/7", "/8"),
          rig.target().requests().stream().map(Received::path).toList());
      assertEquals(1, gate.most.get());
      awaitPending(rig.proxy(), 0);
      waiting.forEach(RawClient::close);
    }
  }

  /** Where a target has no connection left, too; whichever thread has the one that is free. */
  @RepeatedTest(5)
  void whereAllConnectionsAreInUseTheOthersWait() {
    Gate gate = new Gate();
    try (Rig rig = threads(gate.script(), route -> route.capacity(SOCKETS), 2)) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        clients.add(rig.client().send(Rig.request("GET", "/" + i)));
      }
      awaitPending(rig.proxy(), 18);
      gate.leave.release(20);
      for (int i = 0; i < 20; i++) {
        assertEquals("/" + i, clients.get(i).read().body());
      }
      assertTrue(gate.most.get() <= 2, "at once: " + gate.most);
      clients.forEach(RawClient::close);
    }
  }

  /** What another route leaves free is free for all. */
  @Test
  void aConnectionThatAnotherRouteLeavesIsTaken() {
    Gate gate = new Gate();
    try (Rig rig = threads(gate.script(), route -> route.capacity(SOCKETS), 1);
        RawClient other = rig.client();
        RawClient waits = rig.client()) {
      rig.proxy()
          .routes()
          .put(Route.builder("other").path("/other").to(rig.target().url()).build());
      other.send(Rig.request("GET", "/other"));
      rig.target().awaitRequest();
      waits.send(Rig.request("GET", "/waits"));
      awaitPending(rig.proxy(), 1);
      gate.leave.release(2);
      assertEquals("/other", other.read().body());
      assertEquals("/waits", waits.read().body());
    }
  }

  @Test
  void noMoreWaitThanMayAndNoneLongerThanItMay() {
    Gate gate = new Gate();
    Capacity short1 = new Capacity(1, 1, Duration.ofMillis(500));
    try (Rig rig = Rig.start(gate.script(), route -> route.capacity(short1));
        RawClient first = rig.client();
        RawClient second = rig.client()) {
      first.send(Rig.request("GET", "/first"));
      rig.target().awaitRequest();
      second.send(Rig.request("GET", "/second"));
      awaitPending(rig.proxy(), 1);
      RawResponse third = rig.get("/third");
      assertEquals(503, third.status());
      assertEquals("1", third.field("Retry-After"));
      RawResponse late = second.read();
      assertEquals(503, late.status());
      assertEquals("1", late.field("Retry-After"));
      assertEquals(1, rig.proxy().stats().pendingRefused());
      assertEquals(1, rig.proxy().stats().pendingTimedOut());
      awaitPending(rig.proxy(), 0);
      gate.leave.release(2);
      assertEquals("/first", first.read().body());
      assertEquals("/next", rig.get("/next").body());
      rig.target().assertReceived("GET /first", "GET /next");
    }
  }

  @Test
  void aClientThatGoesLeavesTheQueue() {
    Gate gate = new Gate();
    try (Rig rig = Rig.start(gate.script(), route -> route.capacity(ONE));
        RawClient first = rig.client()) {
      first.send(Rig.request("GET", "/0"));
      rig.target().awaitRequest();
      List<RawClient> waiting = queueUp(rig, 1, 3);
      waiting.get(0).hangUp();
      waiting.get(1).reset();
      awaitPending(rig.proxy(), 1);
      gate.leave.release(2);
      assertEquals("/0", first.read().body());
      assertEquals("/3", waiting.get(2).read().body());
      rig.target().assertReceived("GET /0", "GET /3");
      waiting.forEach(RawClient::close);
    }
  }

  /** A body waits with its request. */
  @Test
  void aBodyIsNotLostWhileItsRequestWaits() {
    Gate gate = new Gate();
    String body = "b".repeat(300_000);
    try (Rig rig = Rig.start(gate.script(), route -> route.capacity(ONE));
        RawClient first = rig.client();
        RawClient second = rig.client()) {
      first.send(Rig.request("GET", "/first"));
      rig.target().awaitRequest();
      second.send(Rig.request("POST", "/second", "Content-Length: 300000") + body.substring(1));
      awaitPending(rig.proxy(), 1);
      second.send("b");
      gate.leave.release(2);
      assertEquals("/first", first.read().body());
      assertEquals("/second", second.read().body());
      assertEquals(body, rig.target().requests().get(1).awaitBody().text());
    }
  }

  @Test
  void anotherTargetMakesRoom() {
    Gate gate = new Gate();
    try (RecordingTarget added = RecordingTarget.start();
        Rig rig = Rig.start(gate.script(), route -> route.capacity(ONE));
        RawClient first = rig.client()) {
      first.send(Rig.request("GET", "/0"));
      rig.target().awaitRequest();
      List<RawClient> waiting = queueUp(rig, 1, 3);
      Route present = rig.proxy().routes().get("all").orElseThrow();
      rig.proxy()
          .routes()
          .put(
              Route.builder("all")
                  .capacity(present.capacity())
                  .to(rig.target().url(), added.url())
                  .build());
      for (int i = 0; i < 3; i++) {
        assertEquals("GET /" + (i + 1), waiting.get(i).read().body());
      }
      gate.leave.release();
      assertEquals("/0", first.read().body());
      waiting.forEach(RawClient::close);
    }
  }

  @Test
  void whoWaitsFollowsASwitchAndTheEndOfARoute() {
    Gate gate = new Gate();
    try (RecordingTarget green = RecordingTarget.start();
        Rig rig = Rig.start(gate.script());
        RawClient first = rig.client()) {
      rig.proxy()
          .routes()
          .put(
              Route.builder("all")
                  .capacity(ONE)
                  .group("blue", rig.target().url())
                  .group("green", green.url())
                  .active("blue")
                  .build());
      first.send(Rig.request("GET", "/0"));
      rig.target().awaitRequest();
      List<RawClient> waiting = queueUp(rig, 1, 2);
      rig.proxy().routes().switchTo("all", "green");
      assertEquals("GET /1", waiting.get(0).read().body());
      assertEquals("GET /2", waiting.get(1).read().body());
      waiting.forEach(RawClient::close);

      rig.proxy().routes().switchTo("all", "blue");
      List<RawClient> again = queueUp(rig, 3, 2);
      rig.proxy().routes().delete("all");
      again.forEach(client -> assertEquals(404, client.read().status()));
      again.forEach(RawClient::close);
      gate.leave.release();
      assertEquals("/0", first.read().body());
      awaitPending(rig.proxy(), 0);
    }
  }

  /** Those of a target that fails find the other one full: they wait, and none of them fails. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRetryWaitsForRoom(boolean refuses) {
    Gate gate = new Gate();
    try (RecordingTarget fails = RecordingTarget.start(Script.rawThenClose(""));
        Rig rig = Rig.start(gate.script(), route -> route.to(fails.url()).capacity(ONE));
        RawClient first = rig.client();
        RawClient second = rig.client()) {
      if (refuses) {
        fails.stopListening();
      }
      first.send(Rig.request("GET", "/first"));
      rig.target().awaitRequest();
      second.send(Rig.request("GET", "/second"));
      awaitPending(rig.proxy(), 1);
      gate.leave.release(2);
      assertEquals("/first", first.read().body());
      assertEquals("/second", second.read().body());
    }
  }

  /** Many clients on several threads, of which some go: each that stays is served. */
  @RepeatedTest(5)
  void noneIsForgotten() {
    Script quick = Script.echoLine();
    try (RecordingTarget other = RecordingTarget.start(quick);
        Rig rig =
            Rig.start(
                quick,
                route ->
                    route.to(other.url()).capacity(new Capacity(2, 1_000, Duration.ofSeconds(30))),
                proxy -> proxy.ioThreads(3).limits(Rig.LIMITS.withMaxSockets(3)))) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        clients.add(rig.client());
      }
      for (int round = 0; round < 20; round++) {
        for (int i = 0; i < 30; i++) {
          clients.get(i).send(Rig.request("GET", "/" + round + "/" + i));
        }
        clients.get(round).hangUp();
        clients.set(round, rig.client().send(Rig.request("GET", "/" + round + "/" + round)));
        for (int i = 0; i < 30; i++) {
          assertEquals("GET /" + round + "/" + i, clients.get(i).read().body());
        }
      }
      clients.forEach(RawClient::close);
      assertEquals(0, rig.proxy().stats().pendingTimedOut());
      awaitPending(rig.proxy(), 0);
    }
  }

  /**
   * To draw another group each time would never end, and would give a canary more than its share.
   */
  @Test
  void whoWaitsStaysInTheGroupThatWasDrawn() {
    Gate gate = new Gate();
    try (RecordingTarget blue = RecordingTarget.start(gate.script());
        RecordingTarget green = RecordingTarget.start(gate.script());
        Rig rig =
            threads(
                gate.script(),
                route ->
                    Route.builder("all")
                        .group("blue", blue.url())
                        .group("green", green.url())
                        .active(new Active(Map.of("blue", 50, "green", 50)))
                        .capacity(ONE),
                100)) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        clients.add(rig.client().send(Rig.request("GET", "/" + i)));
        awaitPending(rig.proxy(), Math.max(0, i - 1));
      }
      gate.leave.release(12);
      for (int i = 0; i < 10; i++) {
        assertEquals("/" + i, clients.get(i).read().body());
      }
      assertEquals(5, blue.requests().size());
      assertEquals(5, green.requests().size());
      awaitPending(rig.proxy(), 0);
      assertEquals("/a", rig.get("/a").body(), "nobody is thought to wait");
      assertEquals("/b", rig.get("/b").body());
      clients.forEach(RawClient::close);
    }
  }

  /** The end of an ejection is a point in time, of which nobody else tells. */
  @Test
  void aTargetThatIsNoLongerEjectedTakesWhoWaits() {
    Gate gate = new Gate();
    Ejection brief = new Ejection(5, Set.of(), Duration.ofMillis(500), Duration.ofMillis(500), 100);
    Capacity patient = new Capacity(1, 100, Duration.ofSeconds(30));
    try (RecordingTarget two = RecordingTarget.start();
        Rig rig =
            threads(
                gate.script(),
                route ->
                    route
                        .to(two.url())
                        .capacity(patient)
                        .health(Health.DEFAULT.withEjection(brief)),
                100);
        RawClient first = rig.client()) {
      two.stopListening();
      first.send(Rig.request("GET", "/first"));
      rig.target().awaitRequest();
      try (RawClient waits = rig.client().send(Rig.request("GET", "/waits"))) {
        awaitPending(rig.proxy(), 1);
        two.listenAgain();
        assertEquals("GET /waits", waits.read().body());
      }
      gate.leave.release(1);
      assertEquals("/first", first.read().body());
    }
  }
}
