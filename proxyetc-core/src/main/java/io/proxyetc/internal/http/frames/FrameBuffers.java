package io.proxyetc.internal.http.frames;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * What the HTTP/2 connections of one IO thread share: an idle connection owns no buffer. On the
 * heap, as TLS copies direct buffers piece by piece. Only on that thread.
 */
public final class FrameBuffers {
  /** Of the buffers to read into and to write from: four records of TLS. */
  static final int SIZE = 64 * 1024;

  private static final int SPARE = 16;

  private final ByteBuffer input = ByteBuffer.allocate(SIZE);
  private final ArrayDeque<ByteBuffer> spare = new ArrayDeque<>(SPARE);
  private final byte[] fieldScratch = new byte[16 * 1024];
  private final byte[] blockScratch = new byte[16 * 1024];

  /** The cleared buffer to read into; for use within one call. */
  public ByteBuffer input() {
    return input.clear();
  }

  /** Where a received field is put together. */
  public byte[] fieldScratch() {
    return fieldScratch;
  }

  /** Where a header block is put together. */
  public byte[] blockScratch() {
    return blockScratch;
  }

  /** An empty buffer to write from, until the end of this turn of the loop. */
  ByteBuffer take() {
    ByteBuffer buffer = spare.poll();
    return buffer == null ? ByteBuffer.allocate(SIZE) : buffer.clear();
  }

  void free(ByteBuffer buffer) {
    if (spare.size() < SPARE) {
      spare.push(buffer);
    }
  }
}
