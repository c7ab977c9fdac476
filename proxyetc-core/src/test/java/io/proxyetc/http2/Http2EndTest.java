package io.proxyetc.http2;

import static io.proxyetc.http2.RawHttp2.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Limits;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.Wire;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How streams and connections end: by the client, by time, by the proxy. Row 30. */
final class Http2EndTest {
  private static final int CANCEL = 8;
  private static final Limits DRAINING = Limits.DEFAULT.withDrain(Duration.ofSeconds(60));

  @Test
  void aResetStreamCancelsItsUpstreamRequestAndNoOther() {
    CompletableFuture<Void> mayAnswer = new CompletableFuture<>();
    Script script =
        exchange -> {
          if (exchange.request().path().equals("/a")) {
            exchange.awaitEnd();
          } else {
            mayAnswer.orTimeout(10, TimeUnit.SECONDS).join();
            exchange.send(Script.okay("b"));
          }
        };
    try (Http2Rig rig = Http2Rig.start(script);
        RawHttp2 client = rig.client()) {
      client.get(1, "/a");
      rig.target().awaitRequest();
      client.get(3, "/b");
      rig.target().awaitRequest();
      client.reset(1, CANCEL);
      rig.target().connections().get(0).awaitEnded();
      mayAnswer.complete(null);
      assertEquals("b", client.answer(3).complete().body());
    }
  }

  @Test
  void aResetWithinTheBodyCancels() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      client.headers(1, false, request("POST", "/")).data(1, "hel", false);
      Received begun = rig.target().awaitRequest();
      client.reset(1, CANCEL);
      rig.target().connections().get(0).awaitEnded();
      assertFalse(begun.complete());
      Await.until("nothing is in flight", () -> rig.proxy().stats().inFlight() == 0);
      assertEquals("GET /next", client.get(3, "/next").answer(3).complete().body());
    }
  }

  @Test
  void whatWasUnderWayToAStreamThatTheProxyResetIsNoFault() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      client.headers(1, false, request("POST", "/", "content-length", "1"));
      client.data(1, "too much", false).data(1, "and more", false).headers(1, true, "x-a", "b");
      assertEquals(1, client.answer(1).reset());
      assertEquals("GET /next", client.get(3, "/next").answer(3).complete().body());
    }
  }

  @Test
  void aCutConnectionCancelsAllItsRequests() {
    try (Http2Rig rig = Http2Rig.start(Script.silent());
        RawHttp2 client = rig.client()) {
      client.get(1, "/a").get(3, "/b");
      rig.target().awaitRequest();
      rig.target().awaitRequest();
      client.cut();
      rig.target().connections().get(0).awaitEnded();
      rig.target().connections().get(1).awaitEnded();
      Await.until("nothing is in flight", () -> rig.proxy().stats().inFlight() == 0);
      Await.until("no client is left", () -> rig.proxy().stats().openConnections() == 0);
    }
  }

  @Test
  void aClientThatGivesTheConnectionUpCancelsAllItsRequests() {
    try (Http2Rig rig = Http2Rig.start(Script.silent());
        RawHttp2 client = rig.client()) {
      client.get(1, "/a");
      rig.target().awaitRequest();
      client.frame(Frame.GOAWAY, 0, 0, new byte[] {0, 0, 0, 0, 0, 0, 0, 2});
      rig.target().connections().get(0).awaitEnded();
      Await.until("no client is left", () -> rig.proxy().stats().openConnections() == 0);
    }
  }

  @Test
  void aClientThatGoesAwayInOrderGetsItsAnswers() {
    CompletableFuture<Void> mayAnswer = new CompletableFuture<>();
    Script script =
        exchange -> {
          mayAnswer.orTimeout(10, TimeUnit.SECONDS).join();
          exchange.send(Script.okay("late"));
        };
    try (Http2Rig rig = Http2Rig.start(script);
        RawHttp2 client = rig.client()) {
      client.get(1, "/a");
      rig.target().awaitRequest();
      client.frame(Frame.GOAWAY, 0, 0, new byte[8]);
      client.await("the proxy's own GOAWAY", f -> f.type() == Frame.GOAWAY);
      mayAnswer.complete(null);
      assertEquals("late", client.answer(1).complete().body());
      assertNull(client.read());
    }
  }

  @Test
  void anIdleConnectionIsClosedInOrder() {
    var limits = Http2Rig.LIMITS.withKeepAlive(Duration.ofMillis(300), Duration.ofSeconds(60));
    try (Http2Rig rig = Http2Rig.start(Script.echoLine(), limits);
        RawHttp2 client = rig.client()) {
      assertEquals("GET /", client.get(1, "/").answer(1).complete().body());
      assertEquals(0, client.awaitGoAway());
    }
  }

  @Test
  void aClientThatDoesNotGreetIsNotWaitedFor() {
    var limits =
        Http2Rig.LIMITS.withRequestTimeouts(Duration.ofMillis(300), Duration.ofSeconds(30));
    try (Http2Rig rig = Http2Rig.start(Script.echoLine(), limits);
        RawHttp2 client = RawHttp2.silent(rig.port(), Http2Rig.clientContext(), 0)) {
      assertEquals(0, client.awaitGoAway());
    }
  }

  @Test
  void aBodyThatDoesNotComeIsNotWaitedFor() {
    var limits =
        Http2Rig.LIMITS.withRequestTimeouts(Duration.ofSeconds(10), Duration.ofMillis(300));
    try (Http2Rig rig = Http2Rig.start(Script.echoLine(), limits);
        RawHttp2 client = rig.client()) {
      client.headers(1, false, request("POST", "/", "content-length", "5")).data(1, "he", false);
      assertEquals(408, client.answer(1).status());
      rig.target().connections().get(0).awaitEnded();
      assertEquals("GET /next", client.get(3, "/next").answer(3).complete().body());
    }
  }

  @Test
  void whatIsNoHttp2IsToldSo() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = RawHttp2.silent(rig.port(), Http2Rig.clientContext(), 0)) {
      client.send(Wire.bytes("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n"));
      assertEquals(1, client.awaitGoAway());
    }
  }

  @Test
  void closingTheProxyFinishesWhatIsUnderWay() {
    CompletableFuture<Void> first = new CompletableFuture<>();
    CompletableFuture<Void> second = new CompletableFuture<>();
    Script script =
        exchange -> {
          boolean begun = exchange.request().path().equals("/begun");
          (begun ? first : second).orTimeout(10, TimeUnit.SECONDS).join();
          exchange.send(Script.okay(exchange.request().path()));
        };
    try (Http2Rig rig = Http2Rig.start(script, DRAINING);
        RawHttp2 client = rig.client()) {
      client.get(1, "/begun");
      rig.target().awaitRequest();
      CompletableFuture<Void> closed = OwnThread.run(() -> rig.proxy().close());
      client.await("the announcement", f -> f.type() == Frame.GOAWAY && f.int32(4) == 0);
      Frame ping = client.await("a ping", f -> f.type() == Frame.PING);
      client.get(3, "/crossing"); // was under way when the proxy announced it
      rig.target().awaitRequest();
      client.frame(Frame.PING, Frame.ACK, 0, ping.payload());
      Frame last = client.await("the last word", f -> f.type() == Frame.GOAWAY);
      assertEquals(3, last.int32(0));
      client.get(5, "/late");
      first.complete(null);
      assertEquals("/begun", client.answer(1).complete().body());
      second.complete(null);
      assertEquals("/crossing", client.answer(3).complete().body());
      assertNull(client.read());
      rig.target().assertReceived("GET /begun", "GET /crossing");
      Await.get("the proxy is closed", closed);
    }
  }

  @Test
  void closingTheProxyClosesIdleConnectionsSoon() {
    try (Http2Rig rig = Http2Rig.start(Script.echoLine(), DRAINING);
        RawHttp2 client = rig.client()) {
      client.get(1, "/").answer(1).complete();
      CompletableFuture<Void> closed = OwnThread.run(() -> rig.proxy().close());
      client.awaitGoAwayTwice();
      client.cut();
      Await.get("the proxy is closed", closed);
    }
  }

  @Test
  void manyConnectionsComeAndGo() {
    try (Http2Rig rig = Http2Rig.start()) {
      for (int i = 0; i < 50; i++) {
        try (RawHttp2 client = rig.client()) {
          assertEquals("GET /" + i, client.get(1, "/" + i).answer(1).complete().body());
        }
      }
      Await.until("no client is left", () -> rig.proxy().stats().openConnections() == 0);
      assertTrue(rig.proxy().stats().bufferedBytes() == 0);
    }
  }
}
