package io.proxyetc.testkit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Bytes on the wire as Latin-1 text: every byte is one character, and the other way round. */
public final class Wire {
  /** How long any wait of the kit lasts before it fails the test. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private Wire() {}

  /** The bytes that a Latin-1 text stands for. */
  public static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The text that stands for some bytes. */
  public static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** A text for messages: control characters and bytes beyond ASCII written out. */
  public static String show(String latin1) {
    StringBuilder out = new StringBuilder();
    int shown = Math.min(latin1.length(), 600);
    for (int i = 0; i < shown; i++) {
      char c = latin1.charAt(i);
      switch (c) {
        case '\r' -> out.append("\\r");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || c > 0x7e) {
            out.append(String.format("\\x%02x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return latin1.length() > shown ? out + "… (" + latin1.length() + " bytes)" : out.toString();
  }

  /** One chunk of a chunked body. */
  public static String chunk(String data) {
    return Integer.toHexString(data.length()) + "\r\n" + data + "\r\n";
  }

  /** Passes some time as a slow peer does. */
  static void rest(int millis) {
    long end = System.nanoTime() + millis * 1_000_000L;
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /**
   * Lets a peer read what was sent before more is sent. It only makes splits sharper: no test's
   * verdict rests on it.
   */
  static void pace() {
    LockSupport.parkNanos(1_000_000);
  }
}
