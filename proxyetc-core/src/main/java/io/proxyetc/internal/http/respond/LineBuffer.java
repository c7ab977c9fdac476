package io.proxyetc.internal.http.respond;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** ASCII bytes that grow. For one thread. */
final class LineBuffer {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private static final int LONGEST_ESCAPE = 6;

  /** How a character is written that may not stand as it is. */
  enum Escape {
    /** Backslash, x, two digits; above one byte like {@link #JSON}. */
    BYTE,
    /** Backslash, u, four digits. */
    JSON
  }

  private byte[] bytes;
  private int length;

  LineBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  int length() {
    return length;
  }

  /** The bytes so far; valid until the next change. */
  ByteBuffer view() {
    return ByteBuffer.wrap(bytes, 0, length);
  }

  void clear() {
    length = 0;
  }

  LineBuffer ascii(char c) {
    ensure(1);
    bytes[length++] = (byte) c;
    return this;
  }

  /** Text that is ours, and ASCII without anything to escape. */
  LineBuffer ascii(String text) {
    int n = text.length();
    ensure(n);
    for (int i = 0; i < n; i++) {
      bytes[length++] = (byte) text.charAt(i);
    }
    return this;
  }

  LineBuffer number(long value) {
    ensure(20);
    if (value < 0) {
      bytes[length++] = '-';
    }
    int at = length;
    long rest = value;
    do {
      bytes[length++] = (byte) ('0' + Math.abs(rest % 10));
      rest /= 10;
    } while (rest != 0);
    for (int i = at, j = length - 1; i < j; i++, j--) {
      byte digit = bytes[i];
      bytes[i] = bytes[j];
      bytes[j] = digit;
    }
    return this;
  }

  /** Seconds with three decimals. */
  LineBuffer seconds(long nanos) {
    long millis = Math.max(0, nanos) / 1_000_000;
    number(millis / 1000).ascii('.');
    ensure(3);
    bytes[length++] = (byte) ('0' + millis / 100 % 10);
    bytes[length++] = (byte) ('0' + millis / 10 % 10);
    bytes[length++] = (byte) ('0' + millis % 10);
    return this;
  }

  /**
   * Text from anywhere, such that it can neither end a quoted field nor a line: quotes,
   * backslashes, and all that is not printable ASCII are escaped.
   *
   * @param lowest the lowest character that may stand as it is: a space, or the one behind it
   */
  LineBuffer escaped(String text, Escape escape, char lowest) {
    int n = text.length();
    ensure(n * LONGEST_ESCAPE);
    for (int i = 0; i < n; i++) {
      char c = text.charAt(i);
      if (c >= lowest && c < 0x7f && c != '"' && c != '\\') {
        bytes[length++] = (byte) c;
      } else if (escape == Escape.BYTE && c <= 0xff) {
        bytes[length++] = '\\';
        bytes[length++] = 'x';
        hex(c, 2);
      } else {
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        hex(c, 4);
      }
    }
    return this;
  }

  private void hex(char c, int digits) {
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      bytes[length++] = HEX[c >>> shift & 15];
    }
  }

  private void ensure(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
