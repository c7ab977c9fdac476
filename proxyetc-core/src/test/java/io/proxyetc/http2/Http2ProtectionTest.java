package io.proxyetc.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.proxyetc.Capacity;
import io.proxyetc.RateLimit;
import io.proxyetc.Retries;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Streams wait, are limited and are tried again as requests of HTTP/1 are. */
final class Http2ProtectionTest {
  private static final int CANCEL = 8;

  @Test
  void aStreamWaitsForRoomAndOneThatIsResetDoesNot() {
    CompletableFuture<Void> mayAnswer = new CompletableFuture<>();
    Script slow =
        exchange -> {
          Await.get("leave to answer", mayAnswer);
          exchange.send(Script.okay(exchange.request().path()));
        };
    try (Http2Rig rig =
            Http2Rig.start(
                RecordingTarget.start(slow),
                Http2Rig.LIMITS,
                route -> route.capacity(Capacity.of(1)));
        RawHttp2 client = rig.client()) {
      client.get(1, "/1");
      rig.target().awaitRequest();
      client.get(3, "/3").get(5, "/5");
      Await.until("two wait", () -> rig.proxy().stats().pending() == 2);
      client.reset(3, CANCEL);
      Await.until("one waits", () -> rig.proxy().stats().pending() == 1);
      mayAnswer.complete(null);
      assertEquals("/1", client.answer(1).complete().body());
      assertEquals("/5", client.answer(5).complete().body());
      rig.target().assertReceived("GET /1", "GET /5");
    }
  }

  @Test
  void aStreamBeyondTheRateIsRefused() {
    RateLimit one = new RateLimit(1, Duration.ofDays(1), 1, "");
    try (Http2Rig rig =
            Http2Rig.start(
                RecordingTarget.start(), Http2Rig.LIMITS, route -> route.rateLimit(one));
        RawHttp2 client = rig.client()) {
      assertEquals("GET /1", client.get(1, "/1").answer(1).complete().body());
      assertEquals(429, client.get(3, "/3").answer(3).complete().status());
      rig.target().assertReceived("GET /1");
    }
  }

  @Test
  void anAnswerIsTriedAgain() {
    Retries sorry = new Retries(1, Duration.ZERO, 20, Set.of(), Set.of(503));
    try (Http2Rig rig =
            Http2Rig.start(
                RecordingTarget.start(), Http2Rig.LIMITS, route -> route.retries(sorry));
        RawHttp2 client = rig.client()) {
      rig.target().next(Script.raw(Script.response("503 Sorry", "sorry")));
      assertEquals("GET /1", client.get(1, "/1").answer(1).complete().body());
      rig.target().assertReceived("GET /1", "GET /1");
    }
  }
}
