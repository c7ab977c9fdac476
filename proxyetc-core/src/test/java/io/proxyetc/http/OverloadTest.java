package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Script;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** More than the proxy is set to hold: it says so, or lets wait, and recovers. */
final class OverloadTest {

  @Test
  void connectionsBeyondTheLimitWaitToBeAccepted() {
    try (Rig rig = Rig.start(Script.echoLine(), Rig.LIMITS.withMaxConnections(2));
        RawClient one = rig.client();
        RawClient two = rig.client()) {
      assertEquals(200, one.send(Rig.request("GET", "/1")).read().status());
      assertEquals(200, two.send(Rig.request("GET", "/2")).read().status());
      try (RawClient three = rig.client();
          RawClient four = rig.client()) {
        three.send(Rig.request("GET", "/3"));
        four.send(Rig.request("GET", "/4"));
        four.expectSilence(200);
        assertTrue(rig.proxy().stats().openConnections() <= 2, "accepted");
        assertEquals(200, one.send(Rig.request("GET", "/5")).read().status());
        one.hangUp();
        two.hangUp();
        assertEquals("GET /3", three.read().body());
        assertEquals("GET /4", four.read().body());
      }
      assertEquals("GET /6", rig.get("/6").body());
    }
  }

  /** A hundred wait when one may come in: the thread that accepts stops by itself. */
  @Test
  void aBurstDoesNotPassTheLimit() {
    int limit = 8;
    try (Rig rig =
        Rig.start(
            Script.echoLine(),
            route -> route,
            proxy -> proxy.ioThreads(2).limits(Rig.LIMITS.withMaxConnections(limit)))) {
      Deque<RawClient> served = new ArrayDeque<>();
      for (int i = 0; i < limit; i++) {
        RawClient client = rig.client();
        assertEquals(200, client.send(Rig.request("GET", "/" + i)).read().status());
        served.add(client);
      }
      List<RawClient> waiting = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        waiting.add(rig.client().send(Rig.request("GET", "/waiting/" + i)));
      }
      for (int i = 0; i < waiting.size(); i++) {
        served.remove().hangUp();
        assertEquals("GET /waiting/" + i, waiting.get(i).read().body());
        served.add(waiting.get(i));
        long open = rig.proxy().stats().openConnections();
        assertTrue(open <= limit, open + " are open");
      }
      served.forEach(RawClient::hangUp);
      assertEquals("GET /others", rig.get("/others").body());
    }
  }

  /** The only connection that a target may have is idle, but on the wrong thread. */
  @Test
  void anIdleConnectionOfAnotherThreadMakesRoom() {
    try (Rig rig =
        Rig.start(
            Script.echoLine(),
            route -> route,
            proxy -> proxy.ioThreads(2).limits(Rig.LIMITS.withMaxSockets(1)))) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 10; i++) { // connections go to either thread
        clients.add(rig.client());
      }
      for (int i = 0; i < 100; i++) {
        RawResponse got = clients.get(i % 10).send(Rig.request("GET", "/" + i)).read();
        assertEquals("GET /" + i, got.body());
      }
      assertTrue(rig.target().connections().size() > 1, "all came by one thread");
      assertEquals(1, rig.proxy().stats().openUpstream());
      clients.forEach(RawClient::hangUp);
    }
  }

  @Test
  void aTargetWithAllItsConnectionsInUseIsFull() {
    CompletableFuture<Void> mayAnswer = new CompletableFuture<>();
    Script slow =
        exchange -> {
          Await.get("leave to answer", mayAnswer);
          exchange.send(Script.okay("late"));
        };
    try (Rig rig =
            Rig.start(
                slow,
                route -> route.capacity(Rig.NOBODY_WAITS),
                proxy -> proxy.ioThreads(2).limits(Rig.LIMITS.withMaxSockets(1)));
        RawClient first = rig.client()) {
      first.send(Rig.request("GET", "/first"));
      rig.target().awaitRequest();
      for (int i = 0; i < 10; i++) {
        RawResponse refused = rig.get("/" + i);
        assertEquals(503, refused.status());
        assertEquals(1, refused.all("Retry-After").size());
      }
      mayAnswer.complete(null);
      assertEquals("late", first.read().body());
      assertEquals(1, rig.target().requests().size());
    }
  }

  /** Five hundred connections that come and go leave nothing behind. */
  @Test
  void connectionsThatComeAndGoLeaveNothing() {
    try (Rig rig = Rig.start()) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        clients.add(rig.client());
      }
      for (int i = 0; i < 500; i++) {
        RawClient client = clients.get(i);
        switch (i % 4) {
          case 0 -> client.reset();
          case 1 -> client.hangUp();
          case 2 -> client.send("GET / HT").reset();
          default -> {
            assertEquals(200, client.send(Rig.request("GET", "/" + i)).read().status());
            client.hangUp();
          }
        }
      }
      Await.until("no client is left", () -> rig.proxy().stats().openConnections() == 0);
      Await.until("nothing is in flight", () -> rig.proxy().stats().inFlight() == 0);
      assertEquals(0, rig.proxy().stats().bufferedBytes());
      assertEquals("GET /others", rig.get("/others").body());
    }
  }

  /** Many clients that read nothing: what is kept for them stays within the limit. */
  @Test
  void slowReadersAreBoundedInTotal() {
    String body = "x".repeat(4 << 20);
    Script script =
        exchange ->
            exchange.send(Script.okay(exchange.request().path().equals("/large") ? body : "small"));
    try (Rig rig = Rig.start(script, Rig.LIMITS.withMaxBuffered(1 << 20))) {
      List<RawClient> slow = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        RawClient client = RawClient.connectNarrow(rig.port(), 4096);
        slow.add(client.send(Rig.request("GET", "/large")));
      }
      Await.until("they all are in flight", () -> rig.proxy().stats().inFlight() >= 1);
      long kept = rig.proxy().stats().bufferedBytes();
      assertTrue(kept <= 4 << 20, "kept " + kept);
      RawResponse got = rig.get("/small");
      assertTrue(got.status() == 200 || got.status() == 503, got.head());
      assertTrue(got.status() == 200 || !got.all("Retry-After").isEmpty(), got.head());
      slow.forEach(RawClient::reset);
      Await.until("nothing is kept", () -> rig.proxy().stats().bufferedBytes() == 0);
      Await.until("requests are served", () -> rig.get("/small").status() == 200);
    }
  }
}
