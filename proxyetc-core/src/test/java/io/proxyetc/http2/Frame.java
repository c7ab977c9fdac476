package io.proxyetc.http2;

import java.nio.ByteBuffer;

/** A frame of HTTP/2 as a test sends or reads it. */
record Frame(int type, int flags, int stream, byte[] payload) {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PUSH_PROMISE = 5;
  static final int PING = 6;
  static final int GOAWAY = 7;
  static final int WINDOW_UPDATE = 8;
  static final int CONTINUATION = 9;

  static final int END_STREAM = 1;
  static final int ACK = 1;
  static final int END_HEADERS = 4;

  boolean is(int wantedType, int wantedStream) {
    return type == wantedType && stream == wantedStream;
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** The number that stands at a place of the payload. */
  int int32(int at) {
    return ByteBuffer.wrap(payload).getInt(at);
  }

  byte[] bytes() {
    return ByteBuffer.allocate(9 + payload.length)
        .putInt(payload.length << 8 | type)
        .put((byte) flags)
        .putInt(stream)
        .put(payload)
        .array();
  }
}
