package io.proxyetc.internal.http.frames;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames are the same in whatever pieces their bytes come. */
final class FrameReaderTest {

  /** Writes down what it gets; DATA as one, in whatever parts it comes. */
  private static final class Notes implements FrameReader.Sink {
    final StringBuilder text = new StringBuilder();
    private boolean last;

    @Override
    public void frame(int type, int flags, int stream, byte[] bytes, int from, int length) {
      text.append(type).append(' ').append(flags).append(' ').append(stream).append(' ');
      text.append(HexFormat.of().formatHex(bytes, from, from + length)).append('\n');
    }

    @Override
    public void dataBegins(int flags, int stream, int size) {
      text.append("0 ").append(flags).append(' ').append(stream).append(' ').append(size);
      text.append(' ');
      last = false;
    }

    @Override
    public void data(byte[] bytes, int from, int length, boolean end) {
      assertEquals(false, last);
      last = end;
      text.append(HexFormat.of().formatHex(bytes, from, from + length));
    }

    @Override
    public void dataEnds() {
      text.append('\n');
    }

    @Override
    public boolean stopped() {
      return false;
    }
  }

  private static byte[] someFrames() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    Random random = new Random(3);
    for (int i = 0; i < 60; i++) {
      int type = i % 3 == 0 ? Frames.DATA : random.nextInt(10);
      int length = i % 10 == 9 ? 0 : random.nextInt(i == 30 ? Frames.MAX_PAYLOAD : 300);
      boolean padded = type == Frames.DATA && length > 0 && random.nextBoolean();
      int flags = padded ? Frames.PADDED : random.nextInt(2);
      byte[] payload = new byte[length];
      random.nextBytes(payload);
      if (padded) {
        payload[0] = (byte) random.nextInt(Math.min(length, 256));
      }
      out.writeBytes(
          new byte[] {
            (byte) (length >> 16), (byte) (length >> 8), (byte) length, (byte) type, (byte) flags
          });
      out.writeBytes(new byte[] {(byte) 0x80, 0, 0, (byte) i}); // the reserved bit is ignored
      out.writeBytes(payload);
    }
    return out.toByteArray();
  }

  private static String read(byte[] bytes, int most, Random random) throws Http2Exception {
    Notes notes = new Notes();
    FrameReader reader = new FrameReader(notes);
    for (int at = 0; at < bytes.length; ) {
      int n = Math.min(bytes.length - at, most == 1 ? 1 : 1 + random.nextInt(most));
      reader.read(bytes.clone(), at, at + n);
      at += n;
    }
    return notes.text.toString();
  }

  @Test
  void piecesMakeNoDifference() throws Http2Exception {
    byte[] bytes = someFrames();
    Random random = new Random(5);
    String whole = read(bytes, bytes.length * 2, random);
    assertEquals(60, whole.lines().count());
    assertEquals(whole, read(bytes, 1, random));
    for (int i = 0; i < 200; i++) {
      assertEquals(whole, read(bytes, 2 + random.nextInt(1000), random));
    }
  }

  @Test
  void anotherPrefaceIsRefused() {
    byte[] bytes = "PRI * HTTP/2.1".getBytes(StandardCharsets.US_ASCII);
    Http2Exception e = assertThrows(Http2Exception.class, () -> read(bytes, 100, new Random(1)));
    assertEquals(ErrorCode.PROTOCOL_ERROR, e.code());
  }
}
