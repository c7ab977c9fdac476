package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.AccessLog;
import io.proxyetc.Timeouts;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Exchange;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.Pattern;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.Script;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens behind a 101: bytes both ways, backpressure, time-outs, and the end. */
final class TunnelTest {
  private static final String UPGRADE =
      Rig.request("GET", "/tunnel", "Connection: Upgrade", "Upgrade: raw");
  private static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n";
  private static final int SIZE = 32 << 20;

  @TempDir private Path directory;

  /** Switches, and sends every byte back until the proxy ends the connection. */
  private static void echo(Exchange exchange) throws IOException {
    exchange.send(SWITCHING);
    byte[] buffer = new byte[64 * 1024];
    for (int n = exchange.readRaw(buffer); n > 0; n = exchange.readRaw(buffer)) {
      exchange.send(buffer, 0, n);
    }
    exchange.bodyDone();
    exchange.close();
  }

  private static RawClient open(Rig rig) {
    RawClient client = rig.client().send(UPGRADE);
    assertEquals(101, client.readHead("GET").status());
    return client;
  }

  private static void assertEchoes(RawClient client, String text) {
    assertEquals(text, client.send(text).readExactly(text.length()));
  }

  /** What the client sends before it knows of the switch belongs to the tunnel once it is there. */
  @Test
  void bytesSentAheadOfTheSwitchReachTheTunnel() {
    try (Rig rig = Rig.start(TunnelTest::echo);
        RawClient client = rig.client()) {
      client.send(UPGRADE + "ahead");
      assertEquals(101, client.readHead("GET").status());
      assertEquals("ahead", client.readExactly(5));
      assertEchoes(client, "behind");
    }
  }

  @Test
  void manyBytesBothWaysAtOnce() {
    try (Rig rig = Rig.start(TunnelTest::echo);
        RawClient client = open(rig)) {
      CompletableFuture<Void> sending =
          OwnThread.run(
              () -> {
                Pattern pattern = new Pattern(SIZE);
                byte[] buffer = new byte[64 * 1024];
                for (int n = pattern.read(buffer, 0, buffer.length);
                    n > 0;
                    n = pattern.read(buffer, 0, buffer.length)) {
                  client.send(buffer);
                }
              });
      MessageDigest sha = Pattern.sha256();
      byte[] buffer = new byte[64 * 1024];
      for (long left = SIZE; left > 0; ) {
        int n = client.readSome(buffer);
        assertTrue(n > 0, "cut " + left + " bytes before the end");
        sha.update(buffer, 0, n);
        left -= n;
      }
      Await.get("the client has sent all", sending);
      assertEquals(Pattern.digest(SIZE), Pattern.hex(sha));
    }
  }

  /** A client that reads nothing holds up the target; others are served meanwhile. */
  @Test
  void slowReaderHoldsUpTheTunnel() {
    AtomicLong sent = new AtomicLong();
    Script flood =
        exchange -> {
          if (exchange.request().path().equals("/others")) {
            exchange.send(Script.okay("GET /others"));
            return;
          }
          exchange.send(SWITCHING);
          byte[] piece = new byte[64 * 1024];
          for (int i = 0; i < 1024; i++) {
            exchange.send(piece, 0, piece.length);
            sent.addAndGet(piece.length);
          }
          exchange.bodyDone();
          exchange.close();
        };
    try (Rig rig = Rig.start(flood);
        RawClient client = RawClient.connectNarrow(rig.port(), 16 * 1024)) {
      assertEquals(101, client.send(UPGRADE).readHead("GET").status());
      AtomicLong last = new AtomicLong(-1);
      AtomicLong since = new AtomicLong(System.nanoTime());
      Await.until(
          "the target is held up",
          () -> {
            if (last.getAndSet(sent.get()) != sent.get() || sent.get() == 0) {
              since.set(System.nanoTime());
            }
            return System.nanoTime() - since.get() > 300_000_000L;
          });
      assertTrue(sent.get() < 48L << 20, "the target could send " + sent.get());
      assertEquals("GET /others", rig.get("/others").body());
      assertEquals(64 << 20, client.readToEnd().length());
    }
  }

  @Test
  void idleTunnelIsClosed() {
    Timeouts brief =
        new Timeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ZERO);
    try (Rig rig = Rig.start(TunnelTest::echo, route -> route.timeouts(brief));
        RawClient client = open(rig)) {
      for (int i = 0; i < 8; i++) {
        client.rest(150);
        assertEchoes(client, "still here");
      }
      client.readToEnd();
      rig.target().connections().get(0).awaitEnded();
    }
  }

  /** The total time-out is for requests: a tunnel may live on. */
  @Test
  void tunnelIsExemptFromTheTotalTimeout() {
    Timeouts brief =
        new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1));
    try (Rig rig = Rig.start(TunnelTest::echo, route -> route.timeouts(brief));
        RawClient client = open(rig)) {
      for (int i = 0; i < 8; i++) {
        client.rest(150);
        assertEchoes(client, "still here");
      }
    }
  }

  @Test
  void tunnelSurvivesTheEndOfItsRoute() {
    try (Rig rig = Rig.start(TunnelTest::echo);
        RawClient client = open(rig)) {
      rig.proxy().routes().delete("all");
      assertEquals(404, rig.get("/a").status());
      assertEchoes(client, "still here");
    }
  }

  @Test
  void closeOfTheProxyEndsTunnels() {
    try (Rig rig = Rig.start(TunnelTest::echo);
        RawClient client = open(rig)) {
      assertEchoes(client, "still here");
      Await.get("the end of close", OwnThread.run(rig.proxy()::close));
      client.readToEnd();
      rig.target().connections().get(0).awaitEnded();
    }
  }

  @Test
  void tunnelsThatTheProxyCutsAreCountedAndLogged() throws IOException {
    Path file = directory.resolve("access.log");
    AccessLog log = new AccessLog(AccessLog.Format.COMBINED, Optional.of(file));
    try (Rig rig = Rig.start(TunnelTest::echo, route -> route, proxy -> proxy.accessLog(log));
        RawClient client = open(rig)) {
      assertEchoes(client, "still here");
      assertEquals(1, rig.proxy().stats().inFlight());
      Await.get("the end of close", OwnThread.run(rig.proxy()::close));
      assertEquals(0, rig.proxy().stats().inFlight());
      assertEquals(0, rig.proxy().targets().get(0).inFlight());
      List<String> lines = Files.readAllLines(file);
      assertEquals(1, lines.size(), lines::toString);
      assertTrue(lines.get(0).contains("GET /tunnel HTTP/1.1\" 101 "), lines.get(0));
    }
  }

  @Test
  void endedTunnelsLeaveNothing() {
    try (Rig rig = Rig.start(TunnelTest::echo)) {
      for (int i = 0; i < 40; i++) {
        RawClient client = open(rig);
        assertEchoes(client, "tunnel " + i);
        if (i % 2 == 0) {
          client.reset();
        } else {
          client.hangUp();
        }
      }
      Await.until("no client is left", () -> rig.proxy().stats().openConnections() == 0);
      Await.until("nothing is in flight", () -> rig.proxy().stats().inFlight() == 0);
      Await.until("no target is left", () -> rig.target().openConnections() == 0);
      Await.until("nothing is buffered", () -> rig.proxy().stats().bufferedBytes() == 0);
    }
  }
}
