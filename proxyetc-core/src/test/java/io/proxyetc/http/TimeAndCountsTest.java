package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyStats;
import io.proxyetc.Timeouts;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.Script;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which clock runs when, and what the proxy counts. */
final class TimeAndCountsTest {

  /**
   * The time for the answer begins when the request is complete: a slow upload costs none of it.
   */
  @Test
  void slowUploadCostsNoTimeOfTheAnswer() {
    try (Rig rig =
            Rig.start(Script.echoLine(), route -> route.responseTimeout(Duration.ofSeconds(1)));
        RawClient client = rig.client()) {
      client.send(Rig.request("POST", "/a", "Content-Length: 10"));
      for (int i = 0; i < 10; i++) {
        client.rest(130);
        client.send("x");
      }
      assertEquals("POST /a", client.read().body());
    }
  }

  /** A body that streams on in time may take longer in all than the answer's and the idle time. */
  @Test
  void slowDownloadInSteadyPiecesIsFine() {
    Script steady =
        exchange -> {
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
          for (int i = 0; i < 10; i++) {
            exchange.rest(130);
            exchange.send("x");
          }
        };
    Timeouts brief =
        new Timeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO);
    try (Rig rig = Rig.start(steady, route -> route.timeouts(brief))) {
      assertEquals("xxxxxxxxxx", rig.get("/a").body());
    }
  }

  @Test
  void idleTargetConnectionIsClosedInTime() {
    try (Rig rig =
        Rig.start(
            Script.echoLine(),
            Rig.LIMITS.withKeepAlive(Duration.ofSeconds(10), Duration.ofMillis(300)))) {
      assertEquals("GET /a", rig.get("/a").body());
      rig.target().connections().get(0).awaitEnded();
      Await.until("no target is connected", () -> rig.proxy().stats().openUpstream() == 0);
      assertEquals("POST /b", rig.exchange(Rig.post("/b", "x")).body());
    }
  }

  @Test
  void everythingIsCounted() {
    try (Rig rig = Rig.start(Script.echoBody())) {
      try (RawClient client = rig.client()) {
        client.send(Rig.post("/a", "12345")).read();
        client.send(Rig.postChunked("/a", "1234567890")).read();
        rig.target().next(Script.raw(Script.response("500 Broken", "sorry")));
        client.send(Rig.request("GET", "/a")).read();
        rig.target().next(Script.raw(Script.response("302 Found", "")));
        client.send(Rig.request("GET", "/a")).read();
        assertEquals(1, rig.proxy().stats().openConnections());
        rig.proxy().routes().delete("all");
        client.send(Rig.request("GET", "/a")).read();
        client.send("junk\r\n\r\n").read();
      }
      Await.until("no client is left", () -> rig.proxy().stats().openConnections() == 0);
      ProxyStats stats = rig.proxy().stats();
      assertEquals(6, stats.requests());
      assertEquals(2, stats.statusClasses().get(1));
      assertEquals(1, stats.statusClasses().get(2));
      assertEquals(2, stats.statusClasses().get(3));
      assertEquals(1, stats.statusClasses().get(4));
      assertEquals(15, stats.bytesIn());
      assertTrue(stats.bytesOut() >= 20, "bytes out: " + stats.bytesOut());
      assertEquals(1, stats.accepted());
      assertEquals(0, stats.inFlight());
      assertEquals(1, stats.upstreamConnects());
      assertEquals(0, stats.retries());
      assertEquals(0, stats.bufferedBytes());
      ProxyStats.GroupStats group = stats.groups().values().iterator().next();
      assertEquals(4, group.requests());
      assertEquals(1, group.failures());
      assertTrue(group.p50Micros() > 0 && group.p99Micros() <= group.maxMicros());
    }
  }
}
