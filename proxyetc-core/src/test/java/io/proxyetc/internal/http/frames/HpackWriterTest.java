package io.proxyetc.internal.http.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.undertow.protocols.http2.HpackDecoder;
import io.undertow.protocols.http2.HpackException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written is what another decoder reads, whatever the tables went through. */
final class HpackWriterTest {
  private final HpackWriter writer = new HpackWriter(new byte[64]);
  private final HpackDecoder decoder = new HpackDecoder(DynamicTable.SIZE);
  private final List<String> expected = new ArrayList<>();

  private void begin(int status) {
    expected.clear();
    expected.add(":status: " + status);
    writer.begin(status);
  }

  private void field(String name, String value) {
    expected.add(name.toLowerCase(Locale.ROOT) + ": " + value);
    writer.field(bytes(name), bytes(value));
  }

  private static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Gives the length of the block. */
  private int assertRead() throws HpackException {
    List<String> read = new ArrayList<>();
    decoder.setHeaderEmitter((name, value, never) -> read.add(name + ": " + value));
    decoder.decode(ByteBuffer.wrap(writer.bytes(), 0, writer.length()), false);
    assertEquals(expected, read);
    return writer.length();
  }

  @Test
  void anyStatus() throws HpackException {
    for (int status = 100; status < 600; status++) {
      begin(status);
      assertRead();
    }
  }

  @Test
  void aRepeatedFieldTakesOneByte() throws HpackException {
    int length = 0;
    for (int i = 0; i < 3; i++) {
      begin(200);
      field("Server", "nginx");
      field("X-Powered-By", "tea");
      length = assertRead();
    }
    assertEquals(3, length);
  }

  @Test
  void whatNeverRepeatsDisplacesNothing() throws HpackException {
    for (int i = 0; i < 1000; i++) {
      begin(200);
      field("server", "nginx");
      field("x-request-id", "id-" + i);
      assertRead();
    }
    begin(200);
    field("server", "nginx");
    assertEquals(2, assertRead());
  }

  @Test
  void framingIsNotWritten() throws HpackException {
    begin(200);
    writer.field(bytes("Connection"), bytes("close"));
    writer.field(bytes("Content-Length"), bytes("1"));
    writer.contentLength(1234567890123L);
    expected.add("content-length: 1234567890123");
    assertRead();
  }

  @Test
  void anything() throws HpackException {
    Random random = new Random(7);
    for (int block = 0; block < 20_000; block++) {
      begin(200 + random.nextInt(4) * 100);
      if (random.nextInt(50) == 0) {
        int[] sizes = {0, 33, 100, 1000, 4096, 100_000};
        int size = sizes[random.nextInt(sizes.length)];
        writer.peerTable(size);
        begin(200);
      }
      int fields = random.nextInt(12);
      for (int i = 0; i < fields; i++) {
        field(name(random), value(random));
      }
      assertRead();
    }
  }

  @Test
  void aTableThatShrankAndGrewBetweenBlocksWasToldTheLastSizeOnly() {
    writer.peerTable(0);
    writer.peerTable(4096);
    writer.begin(200);
    assertEquals("203fe11f88", HexFormat.of().formatHex(writer.bytes(), 0, writer.length()));
    writer.begin(200);
    assertEquals("88", HexFormat.of().formatHex(writer.bytes(), 0, writer.length()));
  }

  private static String name(Random random) {
    String[] known = {"Server", "via", "ETag", "set-cookie", "Date", "Vary", "content-type"};
    int n = random.nextInt(40);
    return n < known.length ? known[n] : n == 39 ? "x".repeat(300) : "X-" + n % 20;
  }

  private static String value(Random random) {
    int n = random.nextInt(30);
    return n == 0 ? "" : n == 1 ? "v".repeat(random.nextInt(20_000)) : "v" + n % 4 + "\u00e4";
  }

  @Test
  void memoryIsBounded() throws HpackException {
    for (int i = 0; i < 2000; i++) {
      for (int twice = 0; twice < 2; twice++) {
        begin(200);
        field("x-" + i, "v".repeat(i % 200));
        assertRead();
      }
    }
    assertTrue(writer.length() < 300);
  }
}
