package io.proxyetc.internal.http.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.undertow.protocols.http2.HPackHuffman;
import io.undertow.protocols.http2.HpackDecoder;
import io.undertow.protocols.http2.HpackException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Blocks are read as another decoder reads them, and none does harm. */
final class HpackReaderTest {
  private final HpackReader reader = new HpackReader(new byte[64]);
  private final Collector fields = new Collector();

  private static final class Collector implements HpackReader.Fields {
    private final List<String> read = new ArrayList<>();
    private final List<byte[]> names = new ArrayList<>();
    private boolean full;

    @Override
    public void field(byte[] name, int nameLength, byte[] value, int from, int to) {
      names.add(name);
      read.add(latin1(name, 0, nameLength) + ": " + latin1(value, from, to));
    }

    private static String latin1(byte[] bytes, int from, int to) {
      return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean full() {
      return full;
    }
  }

  private List<String> read(byte[] block) throws Http2Exception {
    fields.read.clear();
    byte[] somewhere = new byte[block.length + 7];
    System.arraycopy(block, 0, somewhere, 3, block.length);
    reader.read(somewhere, 3, block.length, fields);
    return fields.read;
  }

  private List<String> read(String hex) throws Http2Exception {
    return read(HexFormat.of().parseHex(hex));
  }

  /** RFC 7541, appendix C.4. */
  @Test
  void threeRequestsWithHuffmanCode() throws Http2Exception {
    assertEquals(
        List.of(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"),
        read("828684418cf1e3c2e5f23a6ba0ab90f4ff"));
    assertEquals(
        List.of(
            ":method: GET",
            ":scheme: http",
            ":path: /",
            ":authority: www.example.com",
            "cache-control: no-cache"),
        read("828684be5886a8eb10649cbf"));
    assertEquals(
        List.of(
            ":method: GET",
            ":scheme: https",
            ":path: /index.html",
            ":authority: www.example.com",
            "custom-key: custom-value"),
        read("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf"));
  }

  @Test
  void everyFieldOfTheStaticTable() throws HpackException, Http2Exception {
    byte[] all = new byte[StaticTable.COUNT];
    for (int i = 0; i < all.length; i++) {
      all[i] = (byte) (0x80 | i + 1);
    }
    assertEquals(readByAnother(new HpackDecoder(DynamicTable.SIZE), all), read(all));
  }

  private static List<String> readByAnother(HpackDecoder decoder, byte[] block)
      throws HpackException {
    List<String> read = new ArrayList<>();
    decoder.setHeaderEmitter((name, value, never) -> read.add(name + ": " + value));
    decoder.decode(ByteBuffer.wrap(block), false);
    return read;
  }

  @Test
  void anything() throws HpackException, Http2Exception {
    Random random = new Random(5);
    HpackDecoder another = new HpackDecoder(DynamicTable.SIZE);
    for (int i = 0; i < 20_000; i++) {
      byte[] block = Blocks.any(random);
      assertEquals(readByAnother(another, block), read(block));
    }
  }

  /** Makes blocks of every kind of field. */
  private static final class Blocks {
    private static final String[] NAMES = {"accept", "x-some", "cookie", "x-" + "n".repeat(200)};

    static byte[] any(Random random) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      if (random.nextInt(40) == 0) {
        number(out, 0x20, 5, random.nextInt(2) * DynamicTable.SIZE);
      }
      for (int i = random.nextInt(10); i > 0; i--) {
        field(out, random);
      }
      return out.toByteArray();
    }

    private static void field(ByteArrayOutputStream out, Random random) {
      int kind = random.nextInt(5);
      int known = 1 + random.nextInt(StaticTable.COUNT);
      if (kind == 0) {
        number(out, 0x80, 7, known);
        return;
      }
      int pattern = kind == 1 ? 0 : kind == 2 ? 0x10 : 0x40;
      int prefix = pattern == 0x40 ? 6 : 4;
      if (random.nextBoolean()) {
        number(out, pattern, prefix, known);
      } else {
        number(out, pattern, prefix, 0);
        text(out, NAMES[random.nextInt(NAMES.length)], random.nextBoolean());
      }
      text(out, value(random), random.nextBoolean());
    }

    private static String value(Random random) {
      int length = random.nextInt(random.nextInt(100) == 0 ? 9000 : 60);
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < length; i++) {
        text.append((char) (random.nextInt(4) == 0 ? random.nextInt(128) : 'a' + i % 26));
      }
      return text.toString();
    }

    private static void text(ByteArrayOutputStream out, String text, boolean huffman) {
      ByteBuffer encoded = ByteBuffer.allocate(40_000);
      if (huffman && HPackHuffman.encode(encoded, text, false)) {
        out.write(encoded.array(), 0, encoded.position());
      } else {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        number(out, 0, 7, bytes.length);
        out.writeBytes(bytes);
      }
    }

    private static void number(ByteArrayOutputStream out, int pattern, int prefix, int value) {
      int max = (1 << prefix) - 1;
      out.write(pattern | Math.min(value, max));
      for (int rest = value - max; rest >= 0; rest = rest < 128 ? -1 : rest >>> 7) {
        out.write(rest < 128 ? rest : rest & 127 | 128);
      }
    }
  }

  @Test
  void bytesBeyondAscii() throws Http2Exception {
    assertEquals(List.of("x: \u00e4\u00ff"), read("00 01 78 02 e4 ff".replace(" ", "")));
  }

  @ParameterizedTest
  @CsvSource({
    "80, a field without a number",
    "be, a field that is not in the table",
    "ff ff 7f, one far beyond",
    "ff ff ff ff ff ff 0f, a number that overflows",
    "ff, a number without its end",
    "40, a name that is missing",
    "40 01, a name that is cut",
    "40 01 61, a value that is missing",
    "40 01 61 05 62, a value that is cut",
    "41 84 ff ff ff ff, the code of the end",
    "41 81 ff, padding of a whole byte",
    "41 82 1f ff, padding of more than that",
    "41 81 18, padding of zeros",
    "3f e2 1f, a table that is larger than it may be",
    "82 20, a change of the table behind a field",
    "20 41 01 61 be, a field of a table that is empty"
  })
  void whatCannotBeRead(String hex, String what) {
    Http2Exception e = assertThrows(Http2Exception.class, () -> read(hex.replace(" ", "")), what);
    assertEquals(ErrorCode.COMPRESSION_ERROR, e.code());
    assertEquals(0, e.stream());
  }

  @Test
  void noBytesDoMoreHarm() {
    Random random = new Random(3);
    int broken = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] block = new byte[random.nextInt(40)];
      random.nextBytes(block);
      try {
        read(block);
      } catch (Http2Exception e) {
        broken++;
      }
    }
    assertTrue(broken > 0);
  }

  @Test
  void whatNobodyLooksAtStillFillsTheTable() throws Http2Exception {
    fields.full = true;
    assertEquals(List.of(), read("400161 0162".replace(" ", "")));
    fields.full = false;
    assertEquals(List.of("a: b"), read("be"));
  }

  /** Two bytes of a block must not cost as much as the name that they stand for. */
  @Test
  void aLongNameIsNotCopiedForEachField() throws Http2Exception {
    read("407f9d1e" + "6e".repeat(4000 - 4) + "00");
    assertEquals(1, fields.read.size());
    fields.names.clear();
    read("7e00".repeat(1000));
    assertEquals(1000, fields.names.size());
    fields.names.forEach(name -> assertSame(fields.names.get(0), name));
  }
}
