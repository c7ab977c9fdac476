package io.proxyetc.http2;

import static io.proxyetc.http2.RawHttp2.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Timeouts;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Pattern;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.Wire;
import java.io.IOException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Windows: nobody sends more than the other side takes, and nobody waits for others. Row 36. */
final class Http2FlowTest {
  private static final int INITIAL_WINDOW_SIZE = 4;
  private static final int SIZE = 8 << 20;
  private static final Duration LONG = Duration.ofSeconds(30);

  /** Sends a long body, and tells how far it got. */
  private static Script longAnswer(AtomicLong sent) {
    return exchange -> {
      if (!exchange.request().path().equals("/long")) {
        exchange.send(Script.okay("short"));
        return;
      }
      exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + SIZE + "\r\n\r\n");
      Pattern pattern = new Pattern(SIZE);
      byte[] buffer = new byte[16 * 1024];
      for (int n = pattern.read(buffer, 0, buffer.length);
          n > 0;
          n = pattern.read(buffer, 0, buffer.length)) {
        exchange.send(buffer, 0, n);
        sent.addAndGet(n);
      }
    };
  }

  @Test
  void aClosedWindowHoldsTheTargetUpInBoundedMemory() {
    AtomicLong sent = new AtomicLong();
    try (Http2Rig rig = Http2Rig.start(longAnswer(sent));
        RawHttp2 client = rig.client().holdingWindows()) {
      client.get(1, "/long");
      AtomicLong got = new AtomicLong();
      client.await(
          "the whole window",
          f -> f.is(Frame.DATA, 1) && got.addAndGet(f.payload().length) == 65_535);
      client.widen(0, 1 << 30);
      // Others are served meanwhile, and the target does not get rid of its body.
      assertEquals("short", client.get(3, "/short").answer(3).complete().body());
      assertTrue(rig.proxy().stats().bufferedBytes() <= 512 * 1024, "buffered");
      assertTrue(sent.get() < SIZE, "all was taken from the target");
      client.widen(1, 1 << 30);
      client.await("the end", f -> f.is(Frame.DATA, 1) && f.has(Frame.END_STREAM));
      Await.until("nothing is buffered", () -> rig.proxy().stats().bufferedBytes() == 0);
    }
  }

  @Test
  void aWindowMayBeOneByte() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client(INITIAL_WINDOW_SIZE, 0).holdingWindows()) {
      client.get(1, "/");
      client.await("the head", f -> f.is(Frame.HEADERS, 1) && !f.has(Frame.END_STREAM));
      for (int i = 0; i < "GET /".length(); i++) {
        client.widen(1, 1);
        assertEquals(1, client.await("a byte", f -> f.is(Frame.DATA, 1)).payload().length);
      }
    }
  }

  @Test
  void aSmallerSettingTakesWindowsBack() {
    AtomicLong sent = new AtomicLong();
    try (Http2Rig rig = Http2Rig.start(longAnswer(sent));
        RawHttp2 client = rig.client(INITIAL_WINDOW_SIZE, 40_000).holdingWindows()) {
      client.widen(0, 1 << 30).get(1, "/long");
      AtomicLong got = new AtomicLong();
      client.await(
          "40,000 bytes", f -> f.is(Frame.DATA, 1) && got.addAndGet(f.payload().length) == 40_000);
      client.settings(INITIAL_WINDOW_SIZE, 10_000).widen(1, 30_000).get(3, "/short");
      assertEquals("short", client.answer(3).complete().body()); // and no DATA of the other before
      client.widen(1, 5);
      assertEquals(5, client.await("5 bytes", f -> f.is(Frame.DATA, 1)).payload().length);
    }
  }

  @Test
  void aClientThatReadsNothingIsGivenUp() {
    Script endless = longAnswer(new AtomicLong());
    try (Http2Rig rig =
            Http2Rig.start(
                RecordingTarget.start(endless),
                Http2Rig.LIMITS,
                route -> route.timeouts(new Timeouts(LONG, LONG, Duration.ofMillis(300), LONG)));
        RawHttp2 client = rig.client().holdingWindows()) {
      client.get(1, "/long");
      assertTrue(client.answer(1).reset() > 0);
      rig.target().connections().get(0).awaitEnded();
      Await.until("nothing is buffered", () -> rig.proxy().stats().bufferedBytes() == 0);
      assertEquals("short", client.widen(0, 1 << 20).get(3, "/short").answer(3).body());
    }
  }

  @Test
  void aStalledEndIsGivenUp() {
    var limits = Http2Rig.LIMITS.withKeepAlive(Duration.ofMillis(300), Duration.ofSeconds(60));
    try (Http2Rig rig = Http2Rig.start(Script.echoLine(), limits);
        RawHttp2 client = rig.client(INITIAL_WINDOW_SIZE, 2)) {
      Answer answer = client.holdingWindows().get(1, "/").answer(1);
      assertEquals("GE", answer.body());
      assertTrue(answer.reset() > 0);
    }
  }

  @Test
  void aTargetThatDoesNotReadHoldsTheClientUp() {
    CountDownLatch mayRead = new CountDownLatch(1);
    Script late =
        exchange -> {
          if (exchange.request().path().equals("/short")) {
            exchange.send(Script.okay("short"));
            return;
          }
          await(mayRead);
          exchange.send(Script.okay(digest(exchange.readBody().text())));
        };
    try (Http2Rig rig =
            Http2Rig.start(
                RecordingTarget.startNarrow(late, 4096), Http2Rig.LIMITS, route -> route);
        RawHttp2 client = rig.client()) {
      client.headers(1, false, request("POST", "/", "content-length", Integer.toString(SIZE)));
      Upload upload = new Upload(client);
      Await.until("the target has the head", () -> rig.target().requests().size() == 1);
      upload.untilHeldUp();
      assertTrue(upload.sent < SIZE, "all was taken");
      assertTrue(rig.proxy().stats().bufferedBytes() <= 1 << 20, "buffered");
      client.get(3, "/short");
      assertEquals("short", upload.bodyOf(3));
      mayRead.countDown();
      upload.toTheEnd();
      assertEquals(Pattern.digest(SIZE), client.answer(1).complete().body());
    }
  }

  private static String digest(String latin1) {
    MessageDigest sha = Pattern.sha256();
    sha.update(Wire.bytes(latin1));
    return Pattern.hex(sha);
  }

  /** A body that keeps to the windows it is given. */
  private static final class Upload {
    private final RawHttp2 client;
    private final Pattern pattern = new Pattern(SIZE);
    private long connection = 65_535;
    private long stream = 65_535;
    private int sent;

    Upload(RawHttp2 client) {
      this.client = client;
      // The proxy's own greeting: what it wants to get at most.
      note(client.await("SETTINGS", f -> f.type() == Frame.SETTINGS && !f.has(Frame.ACK)));
      note(client.await("the connection's window", f -> f.is(Frame.WINDOW_UPDATE, 0)));
    }

    private void note(Frame frame) {
      if (frame.is(Frame.WINDOW_UPDATE, 0)) {
        connection += frame.int32(0);
      } else if (frame.is(Frame.WINDOW_UPDATE, 1)) {
        stream += frame.int32(0);
      } else if (frame.type() == Frame.SETTINGS && !frame.has(Frame.ACK)) {
        for (int i = 0; i < frame.payload().length; i += 6) {
          if (frame.payload()[i + 1] == INITIAL_WINDOW_SIZE) {
            stream += frame.int32(i + 2) - 65_535;
          }
        }
      }
    }

    private void send() {
      while (Math.min(connection, stream) > 0 && sent < SIZE) {
        byte[] piece = new byte[(int) Math.min(16_384, Math.min(connection, stream))];
        int n = pattern.read(piece, 0, piece.length);
        sent += n;
        connection -= n;
        stream -= n;
        byte[] payload = n == piece.length ? piece : Arrays.copyOf(piece, n);
        client.frame(Frame.DATA, sent == SIZE ? Frame.END_STREAM : 0, 1, payload);
      }
    }

    /** Sends until a ping is answered and the window is still closed, several times over. */
    void untilHeldUp() {
      for (int calm = 0; calm < 20; calm++) {
        long before = sent;
        send();
        client.frame(Frame.PING, 0, 0, new byte[8]);
        for (Frame f = next(); f.type() != Frame.PING; f = next()) {
          note(f);
        }
        calm = sent == before ? calm : 0;
      }
    }

    /** The body of another stream; windows that come meanwhile are not forgotten. */
    String bodyOf(int other) {
      StringBuilder body = new StringBuilder();
      Frame frame = next();
      for (; !(frame.is(Frame.DATA, other) && frame.has(1)); frame = next()) {
        note(frame);
        body.append(frame.is(Frame.DATA, other) ? Wire.text(frame.payload()) : "");
      }
      return body.append(Wire.text(frame.payload())).toString();
    }

    void toTheEnd() {
      for (send(); sent < SIZE; send()) {
        note(next());
      }
    }

    private Frame next() {
      return client.await("a frame", f -> true);
    }
  }

  /** Six such connections once filled the memory that there is for all. */
  @Test
  void shortBodiesThatMayNotBeSentTakeHardlyAnyMemory() {
    try (Http2Rig rig = Http2Rig.start(exchange -> exchange.send(Script.okay("x")));
        RawHttp2 client = rig.client(4, 0)) { // SETTINGS_INITIAL_WINDOW_SIZE
      for (int i = 0; i < 100; i++) {
        client.get(2 * i + 1, "/" + i);
      }
      Set<Integer> heads = new HashSet<>();
      client.await(
          "all heads",
          f -> f.type() == Frame.HEADERS && heads.add(f.stream()) && heads.size() == 100);
      assertTrue(
          rig.proxy().stats().bufferedBytes() <= 512 * 1024,
          () -> rig.proxy().stats().bufferedBytes() + " bytes for 100 bodies of one byte");
      for (int i = 0; i < 100; i++) {
        client.widen(2 * i + 1, 10);
      }
      Set<Integer> bodies = new HashSet<>();
      client.await(
          "all bodies",
          f -> f.type() == Frame.DATA && bodies.add(f.stream()) && bodies.size() == 100);
      Await.until("nothing is buffered", () -> rig.proxy().stats().bufferedBytes() == 0);
    }
  }

  /** The target must not read: one that does is given more than the window, and rightly so. */
  @Test
  void moreThanTheWindowIsAnError() {
    CountDownLatch over = new CountDownLatch(1);
    RecordingTarget target = RecordingTarget.startNarrow(exchange -> await(over), 4_096);
    try (Http2Rig rig = Http2Rig.start(target, Http2Rig.LIMITS, route -> route);
        RawHttp2 client = rig.client()) {
      client.headers(1, false, request("POST", "/"));
      String piece = "x".repeat(16_384);
      for (int i = 0; i < 700; i++) {
        if (!client.trySend(new Frame(Frame.DATA, 0, 1, Wire.bytes(piece)).bytes())) {
          break;
        }
      }
      Frame end =
          client.await("the error", f -> f.is(Frame.RST_STREAM, 1) || f.type() == Frame.GOAWAY);
      assertEquals(3, end.int32(end.type() == Frame.GOAWAY ? 4 : 0));
    } finally {
      over.countDown();
    }
  }

  @Test
  void aHundredStreamsAtOnceAndNotOneMore() {
    CountDownLatch mayAnswer = new CountDownLatch(1);
    Script together =
        exchange -> {
          await(mayAnswer);
          exchange.send(Script.okay(exchange.request().path()));
        };
    try (Http2Rig rig = Http2Rig.start(together);
        RawHttp2 client = rig.client()) {
      for (int i = 0; i < 100; i++) {
        client.get(2 * i + 1, "/" + i);
      }
      Await.until("all are under way", () -> rig.target().requests().size() == 100);
      client.get(201, "/refused");
      assertEquals(7, client.await("a refusal", f -> f.is(Frame.RST_STREAM, 201)).int32(0));
      mayAnswer.countDown();
      Set<Integer> ended = new HashSet<>();
      client.await(
          "all answers",
          f -> f.type() == Frame.DATA && f.has(1) && ended.add(f.stream()) && ended.size() == 100);
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(10, TimeUnit.SECONDS)) {
        throw new IOException("waited in vain");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
