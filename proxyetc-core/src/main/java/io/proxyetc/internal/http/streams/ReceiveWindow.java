package io.proxyetc.internal.http.streams;

import io.proxyetc.internal.http.frames.FrameOutlet;

/**
 * What the client may send on one stream, or on all of a connection together (RFC 9113, section
 * 5.2): it shrinks by what arrives, and grows again by what was taken, told in few large steps.
 */
final class ReceiveWindow {
  private final FrameOutlet out;
  private final int stream; // 0: the connection
  private final int step;
  private int left;
  private int unreturned; // taken, and the client was not told yet
  private boolean closed;

  /**
   * @param size at the beginning
   * @param step what is worth a frame
   */
  ReceiveWindow(FrameOutlet out, int stream, int size, int step) {
    this.out = out;
    this.stream = stream;
    this.left = size;
    this.step = step;
  }

  /** Payload of DATA arrives; gives false if it is more than there may be. */
  boolean fits(int bytes) {
    left -= bytes;
    return left >= 0;
  }

  /** As many bytes were taken, or never wanted: the client may send as many again. */
  void taken(int bytes) {
    unreturned += bytes;
    if (unreturned >= step && !closed) {
      out.windowUpdate(stream, unreturned);
      left += unreturned;
      unreturned = 0;
    }
  }

  /** The client sends nothing more: it need not be told. */
  void close() {
    closed = true;
  }
}
