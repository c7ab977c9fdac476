package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Route;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Exchange;
import io.proxyetc.testkit.Nginx;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.Pattern;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RawResponse.Framing;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Large bodies, unharmed and in bounded memory, however fast or slow the two sides are. */
final class TransferTest {
  private static final int MIB = 1 << 20;
  private static final long SIZE = 64L * MIB;

  @Test
  void largeUploadArrivesUnharmed() {
    Script digesting =
        exchange -> {
          MessageDigest sha = Pattern.sha256();
          byte[] buffer = new byte[64 * 1024];
          for (long left = SIZE; left > 0; ) {
            int n = exchange.readRaw(buffer);
            if (n < 0) {
              throw new IOException("cut " + left + " bytes before the end");
            }
            sha.update(buffer, 0, n);
            left -= n;
          }
          exchange.bodyDone();
          exchange.send(Script.okay(Pattern.hex(sha)));
        };
    try (Rig rig = Rig.start(digesting);
        RawClient client = rig.client()) {
      client.send(Rig.request("PUT", "/a", "Content-Length: " + SIZE));
      sendPattern(client);
      assertEquals(Pattern.digest(SIZE), client.read().body());
    }
  }

  private static void sendPattern(RawClient client) {
    Pattern pattern = new Pattern(SIZE);
    byte[] buffer = new byte[MIB];
    for (int n = pattern.read(buffer, 0, MIB); n > 0; n = pattern.read(buffer, 0, MIB)) {
      client.send(buffer);
    }
  }

  @Test
  void largeDownloadFromNginxArrivesUnharmed() throws IOException {
    try (Nginx nginx = Nginx.start();
        Rig rig = Rig.start()) {
      Files.copy(new Pattern(SIZE), nginx.root().resolve("large"));
      rig.proxy().routes().put(Route.builder("all").to(nginx.url()).build());
      try (RawClient client = rig.client()) {
        RawResponse head = client.send(Rig.request("GET", "/large")).readHead("GET");
        assertEquals(Long.toString(SIZE), head.field("Content-Length"));
        assertEquals(Pattern.digest(SIZE), digestOf(client, SIZE));
        assertEquals(418, client.send(Rig.request("GET", "/teapot")).read().status());
      }
    }
  }

  @Test
  void largeChunkedDownloadArrivesUnharmed() {
    Script chunks =
        exchange -> {
          exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          Pattern pattern = new Pattern(SIZE);
          byte[] buffer = new byte[100_000];
          for (int n = pattern.read(buffer, 0, buffer.length);
              n > 0;
              n = pattern.read(buffer, 0, buffer.length)) {
            exchange.send(Integer.toHexString(n) + "\r\n");
            exchange.send(buffer, 0, n);
            exchange.send("\r\n");
          }
          exchange.send("0\r\n\r\n");
        };
    try (Rig rig = Rig.start(chunks);
        RawClient client = rig.client()) {
      RawResponse head = client.send(Rig.request("GET", "/a")).readHead("GET");
      assertEquals(Framing.CHUNKED, head.framing());
      MessageDigest sha = Pattern.sha256();
      String chunk = client.readChunk();
      while (!chunk.isEmpty()) {
        sha.update(Wire.bytes(chunk));
        chunk = client.readChunk();
      }
      assertEquals(Pattern.digest(SIZE), Pattern.hex(sha));
    }
  }

  private static String digestOf(RawClient client, long size) {
    MessageDigest sha = Pattern.sha256();
    byte[] buffer = new byte[64 * 1024];
    for (long left = size; left > 0; ) {
      int n = client.readSome(buffer);
      assertTrue(n > 0, "cut " + left + " bytes before the end");
      sha.update(buffer, 0, n);
      left -= n;
    }
    return Pattern.hex(sha);
  }

  /** A client that does not read holds up the target, and the proxy keeps next to nothing. */
  @Test
  void slowReaderHoldsUpTheTarget() {
    AtomicLong sent = new AtomicLong();
    Script flood =
        exchange -> {
          exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
          Pattern pattern = new Pattern(SIZE);
          byte[] buffer = new byte[64 * 1024];
          for (int n = pattern.read(buffer, 0, buffer.length);
              n > 0;
              n = pattern.read(buffer, 0, buffer.length)) {
            exchange.send(buffer, 0, n);
            sent.addAndGet(n);
          }
        };
    try (Rig rig = Rig.start(flood);
        RawClient client = RawClient.connectNarrow(rig.port(), 32 * 1024)) {
      client.send(Rig.request("GET", "/a")).readHead("GET");
      // The kernel's own buffers on loopback hold some MiB; what passes them waits at the target.
      awaitStandstill(sent);
      assertTrue(sent.get() < SIZE / 2, "the target could send " + sent.get());
      assertTrue(rig.proxy().stats().bufferedBytes() < 4L * MIB);
      assertEquals(Pattern.digest(SIZE), digestOf(client, SIZE));
      Await.until("nothing is buffered", () -> rig.proxy().stats().bufferedBytes() == 0);
    }
  }

  /** A target that does not read holds up the client. */
  @Test
  void slowTargetHoldsUpTheClient() {
    CompletableFuture<Void> go = new CompletableFuture<>();
    Script slow =
        exchange -> {
          Await.get("the test lets the target read", go);
          exchange.send(Script.okay(digestRaw(exchange)));
        };
    AtomicLong sent = new AtomicLong();
    try (RecordingTarget target = RecordingTarget.startNarrow(slow, 32 * 1024);
        Rig rig = Rig.start();
        RawClient client = rig.client()) {
      rig.proxy().routes().put(Route.builder("all").to(target.url()).build());
      client.send(Rig.request("PUT", "/a", "Content-Length: " + SIZE));
      CompletableFuture<Void> sending =
          OwnThread.run(
              () -> {
                Pattern pattern = new Pattern(SIZE);
                byte[] buffer = new byte[64 * 1024];
                for (int n = pattern.read(buffer, 0, buffer.length);
                    n > 0;
                    n = pattern.read(buffer, 0, buffer.length)) {
                  client.send(buffer);
                  sent.addAndGet(n);
                }
              });
      awaitStandstill(sent);
      assertTrue(sent.get() < SIZE / 2, "the client could send " + sent.get());
      assertTrue(rig.proxy().stats().bufferedBytes() < 4L * MIB);
      go.complete(null);
      Await.get("the client has sent all", sending);
      assertEquals(Pattern.digest(SIZE), client.read().body());
    }
  }

  private static String digestRaw(Exchange exchange) throws IOException {
    MessageDigest sha = Pattern.sha256();
    byte[] buffer = new byte[64 * 1024];
    for (long left = SIZE; left > 0; ) {
      int n = exchange.readRaw(buffer);
      if (n < 0) {
        throw new IOException("cut " + left + " bytes before the end");
      }
      sha.update(buffer, 0, n);
      left -= n;
    }
    exchange.bodyDone();
    return Pattern.hex(sha);
  }

  /** Waits until a count has begun to rise and then stays for a while. */
  private static void awaitStandstill(AtomicLong count) {
    AtomicLong last = new AtomicLong(-1);
    AtomicLong since = new AtomicLong();
    Await.until(
        "the sender is held up",
        () -> {
          long now = count.get();
          if (now != last.get() || now == 0) {
            last.set(now);
            since.set(System.nanoTime());
          }
          return System.nanoTime() - since.get() > 300_000_000L;
        });
  }

  /** While one client reads nothing, others on the same thread are served. */
  @Test
  void slowReaderHurtsNobodyElse() {
    String body = "x".repeat(8 * MIB);
    Script script =
        exchange ->
            exchange.send(Script.okay(exchange.request().path().equals("/large") ? body : "small"));
    try (Rig rig = Rig.start(script)) {
      List<RawClient> slow = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        slow.add(RawClient.connectNarrow(rig.port(), 16 * 1024).send(Rig.request("GET", "/large")));
      }
      for (int i = 0; i < 50; i++) {
        assertEquals("small", rig.get("/small").body());
      }
      slow.forEach(RawClient::reset);
      Await.until("the slow ones are gone", () -> rig.proxy().stats().openConnections() == 0);
      Await.until("their targets too", () -> rig.proxy().stats().inFlight() == 0);
    }
  }
}
