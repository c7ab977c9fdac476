package io.proxyetc.internal.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Every byte, at every place: found if and only if it is a control byte. */
final class ControlBytesTest {

  @Test
  void eachByteAtEachPlace() {
    for (int value = 0; value < 256; value++) {
      for (int length = 0; length < 20; length++) {
        for (int at = 0; at < length; at++) {
          byte[] text = new byte[length];
          Arrays.fill(text, (byte) 'x');
          text[at] = (byte) value;
          boolean control = value < 0x20 || value == 0x7f;
          assertEquals(control ? at : length, ControlBytes.find(text, 0, length));
        }
      }
    }
  }

  @Test
  void theFirstOfSeveral() {
    byte[] text =
        "\u0000.......\u001f \u0080\u00ff\u007f"
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    assertEquals(0, ControlBytes.find(text, 0, text.length));
    assertEquals(8, ControlBytes.find(text, 1, text.length));
    assertEquals(12, ControlBytes.find(text, 9, text.length));
    assertEquals(8, ControlBytes.find(text, 1, 8));
  }

  @Test
  void neighboursOfEveryPairOfBytes() {
    byte[] text = new byte[10];
    for (int pair = 0; pair < 1 << 16; pair++) {
      Arrays.fill(text, (byte) 0x80);
      text[3] = (byte) (pair >> 8);
      text[4] = (byte) pair;
      int expected = 0;
      while (expected < text.length && !control(text[expected])) {
        expected++;
      }
      assertEquals(expected, ControlBytes.find(text, 0, text.length));
    }
  }

  private static boolean control(byte b) {
    return (b & 0xff) < 0x20 || b == 0x7f;
  }
}
