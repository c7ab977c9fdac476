package io.proxyetc.internal.http.probe;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Looks for a text in bytes that come in pieces, without keeping them (Knuth, Morris and Pratt: how
 * much of the text stands at the end of what came is all that has to be known of it). For one
 * thread.
 */
final class TextSearch {
  private final byte[] text;
  private final int[] fallback; // after so many that match and one that does not: go on from here
  private int matched;

  TextSearch(String wanted) {
    text = wanted.getBytes(StandardCharsets.UTF_8);
    fallback = new int[text.length + 1];
    fallback[0] = -1;
    int candidate = 0;
    for (int i = 1; i < text.length; i++) {
      fallback[i] = text[i] == text[candidate] ? fallback[candidate] : candidate;
      while (candidate >= 0 && text[i] != text[candidate]) {
        candidate = fallback[candidate];
      }
      candidate++;
    }
  }

  /** Looks at so many further bytes; gives whether the text has come. Moves the position. */
  boolean find(ByteBuffer in, int length) {
    int end = in.position() + length;
    while (in.position() < end && matched < text.length) {
      byte b = in.get();
      while (matched >= 0 && text[matched] != b) {
        matched = fallback[matched];
      }
      matched++;
    }
    in.position(end);
    return matched == text.length;
  }
}
