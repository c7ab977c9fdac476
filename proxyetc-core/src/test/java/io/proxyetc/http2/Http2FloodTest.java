package io.proxyetc.http2;

import static io.proxyetc.http2.RawHttp2.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Script;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Floods: the connection ends, upstream work is cancelled, memory stays bounded. Rows 31 to 33. */
final class Http2FloodTest {
  private static final int ENHANCE_YOUR_CALM = 11;

  /** Does something again and again until the proxy has had enough; gives the code it says then. */
  private static int flood(RawHttp2 client, int most, Consumer<Integer> step) {
    try {
      for (int i = 0; i < most; i++) {
        step.accept(i);
      }
    } catch (java.io.UncheckedIOException e) {
      // The proxy has closed already.
    }
    return client.await("GOAWAY", f -> f.type() == Frame.GOAWAY).int32(4);
  }

  private static void assertOthersAreServed(Http2Rig rig) {
    Await.until("nothing is in flight", () -> rig.proxy().stats().inFlight() == 0);
    rig.target().always(Script.echoLine());
    try (RawHttp2 other = rig.client()) {
      assertEquals("GET /", other.get(1, "/").answer(1).complete().body());
    }
  }

  @Test
  void rapidReset() {
    try (Http2Rig rig = Http2Rig.start(Script.silent());
        RawHttp2 client = rig.client()) {
      int code = flood(client, 1000, i -> client.get(2 * i + 1, "/").reset(2 * i + 1, 8));
      assertEquals(ENHANCE_YOUR_CALM, code);
      assertOthersAreServed(rig);
    }
  }

  @Test
  void madeYouReset() {
    try (Http2Rig rig = Http2Rig.start(Script.silent());
        RawHttp2 client = rig.client()) {
      int code = flood(client, 1000, i -> client.get(2 * i + 1, "/").widen(2 * i + 1, 0));
      assertEquals(ENHANCE_YOUR_CALM, code);
      assertOthersAreServed(rig);
    }
  }

  @Test
  void pings() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      int code = flood(client, 10_000, i -> client.frame(Frame.PING, 0, 0, new byte[8]));
      assertEquals(ENHANCE_YOUR_CALM, code);
      assertOthersAreServed(rig);
    }
  }

  @Test
  void settings() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      assertEquals(ENHANCE_YOUR_CALM, flood(client, 10_000, i -> client.settings(4, i)));
      assertOthersAreServed(rig);
    }
  }

  @Test
  void emptyData() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      client.headers(1, false, request("POST", "/"));
      assertEquals(ENHANCE_YOUR_CALM, flood(client, 10_000, i -> client.data(1, "", false)));
      assertOthersAreServed(rig);
    }
  }

  @Test
  void continuationWithoutEnd() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      client.frame(Frame.HEADERS, 0, 1, RawHttp2.block(request("GET", "/")));
      byte[] more = RawHttp2.block("x-a", "b".repeat(1000));
      int code = flood(client, 10_000, i -> client.frame(Frame.CONTINUATION, 0, 1, more));
      assertEquals(ENHANCE_YOUR_CALM, code);
      assertOthersAreServed(rig);
    }
  }

  @Test
  void continuationWithoutContent() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      client.frame(Frame.HEADERS, 0, 1, RawHttp2.block(request("GET", "/")));
      int code = flood(client, 10_000, i -> client.frame(Frame.CONTINUATION, 0, 1, new byte[0]));
      assertEquals(ENHANCE_YOUR_CALM, code);
      assertOthersAreServed(rig);
    }
  }

  @Test
  void answersThatNobodyReads() {
    Script large = Script.raw(Script.okay("x".repeat(60_000)));
    try (Http2Rig rig = Http2Rig.start(large);
        RawHttp2 client = rig.narrowClient(4096, 4, 1 << 24).holdingWindows()) {
      client.widen(0, 1 << 30);
      for (int i = 0; i < 100; i++) {
        client.get(2 * i + 1, "/");
      }
      AtomicInteger ended = new AtomicInteger();
      AtomicLong most = new AtomicLong();
      client.await(
          "all answers",
          f -> {
            most.accumulateAndGet(rig.proxy().stats().bufferedBytes(), Math::max);
            boolean end = f.type() == Frame.DATA && f.has(Frame.END_STREAM);
            return end && ended.incrementAndGet() == 100;
          });
      assertTrue(most.get() <= 16 << 20, "buffered at most: " + most);
    }
  }

  @Test
  void hpackBomb() {
    // One large entry of the table, then thousands of references to it.
    String[] fields = request("GET", "/");
    byte[] plain = RawHttp2.block(fields);
    byte[] entry = RawHttp2.block("x-bomb", "b".repeat(3900));
    entry[0] = 0x40; // with incremental indexing
    byte[] block = new byte[plain.length + entry.length + 10_000];
    System.arraycopy(plain, 0, block, 0, plain.length);
    System.arraycopy(entry, 0, block, plain.length, entry.length);
    java.util.Arrays.fill(block, plain.length + entry.length, block.length, (byte) 0xbe);
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      client.frame(Frame.HEADERS, Frame.END_HEADERS | Frame.END_STREAM, 1, block);
      assertEquals(431, client.answer(1).complete().status());
      rig.target().assertNothingReceived();
      assertEquals("GET /next", client.get(3, "/next").answer(3).complete().body());
    }
  }
}
