package io.proxyetc.internal.store;

import io.proxyetc.InvalidRouteException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Texts from bytes: UTF-8, and never with a replacement character for what is none. */
final class Texts {
  private Texts() {}

  static String decode(byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer chars = CharBuffer.allocate(8192);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CoderResult result;
    do { // the decoder's whole text would take twice the room of what is kept of it
      result = decoder.decode(in, chars.clear(), true);
    } while (result.isOverflow());
    if (result.isError()) {
      long line = 1;
      for (int i = 0; i < in.position(); i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      throw new InvalidRouteException(
          "", "line " + line + ": byte " + in.position() + " is not UTF-8; save the file as UTF-8");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
