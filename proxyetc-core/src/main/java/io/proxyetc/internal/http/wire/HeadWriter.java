package io.proxyetc.internal.http.wire;

import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.message.HeadSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the head of an HTTP/1 message into an array. */
public final class HeadWriter implements HeadSink {
  private static final byte[] CRLF = {'\r', '\n'};
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final byte[] scratch;
  private byte[] out; // the scratch array, or a larger one for a large head
  private int length;

  /**
   * @param scratch where to write; a larger array takes its place when needed
   */
  public HeadWriter(byte[] scratch) {
    this.scratch = scratch;
    out = scratch;
  }

  /** Begins the next head. */
  public void begin() {
    out = scratch;
    length = 0;
  }

  public byte[] bytes() {
    return out;
  }

  public int length() {
    return length;
  }

  public void raw(byte[] source) {
    raw(source, 0, source.length);
  }

  public void raw(byte[] source, int from, int to) {
    int n = to - from;
    ensure(n);
    System.arraycopy(source, from, out, length, n);
    length += n;
  }

  public void raw(int c) {
    ensure(1);
    out[length++] = (byte) c;
  }

  public void raw(String ascii) {
    raw(ascii.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** A number in decimal digits. */
  public void number(long value) {
    ensure(20);
    if (value == 0) {
      out[length++] = '0';
      return;
    }
    int digits = 0;
    for (long v = value; v > 0; v /= 10) {
      digits++;
    }
    int at = length + digits;
    for (long v = value; v > 0; v /= 10) {
      out[--at] = (byte) ('0' + v % 10);
    }
    length += digits;
  }

  /** 16 hex digits. */
  public void hex(long bits) {
    ensure(16);
    for (int shift = 60; shift >= 0; shift -= 4) {
      out[length++] = HEX[(int) (bits >>> shift) & 15];
    }
  }

  public void crlf() {
    raw(CRLF);
  }

  @Override
  public void field(Head head, int i) {
    byte[] bytes = head.bytes;
    int nameFrom = head.nameFrom(i);
    int nameTo = head.nameTo(i);
    int valueFrom = head.valueFrom(i);
    int valueTo = head.valueTo(i);
    if (valueFrom == nameTo + 2 && bytes[nameTo + 1] == ' ') {
      raw(bytes, nameFrom, valueTo); // "name: value" stands there in just this form
    } else {
      raw(bytes, nameFrom, nameTo);
      raw(':');
      raw(' ');
      raw(bytes, valueFrom, valueTo);
    }
    crlf();
  }

  @Override
  public void field(byte[] name, byte[] value, int from, int to) {
    raw(name);
    raw(':');
    raw(' ');
    raw(value, from, to);
    crlf();
  }

  private void ensure(int n) {
    if (out.length < length + n) {
      out = Arrays.copyOf(out, Math.max(length + n, out.length * 2));
    }
  }
}
