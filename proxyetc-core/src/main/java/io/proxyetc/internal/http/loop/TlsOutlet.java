package io.proxyetc.internal.http.loop;

import io.proxyetc.internal.http.loop.TlsBuffers.Scratch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.StreamSinkConduit;

/**
 * The records that go out on one connection: plain bytes here, encrypted ones on the socket, which
 * is written only when there is a full batch or no more to write. Nothing blocks: what the socket
 * does not take is kept, and nothing more is taken until it is gone. On the connection's IO thread.
 */
final class TlsOutlet {
  /** More than this is never kept for a peer that sends control messages and does not read. */
  private static final int MOST_UNSENT = 5 * TlsBuffers.RECORD;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final StreamSinkConduit sink;
  private final Scratch scratch;

  /** Encrypted, and not yet taken by the socket. */
  private @Nullable ByteBuffer unsent;

  /** What the budget knows of it. */
  private int counted;

  /** The last write did not fit into the socket: work in small pieces, so that little is kept. */
  private boolean slowPeer;

  private boolean closed;

  TlsOutlet(SSLEngine engine, StreamSinkConduit sink, Scratch scratch) {
    this.engine = engine;
    this.sink = sink;
    this.scratch = scratch;
  }

  /**
   * Writes plain bytes.
   *
   * @return how many were taken; encrypted, they may still wait for {@link #flush}
   */
  long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
    if (!flush()) {
      return 0;
    }
    long taken = 0;
    ByteBuffer out = scratch.sending;
    while (unsent == null && remains(srcs, offset, length)) {
      out.clear().limit(slowPeer ? TlsBuffers.RECORD : out.capacity());
      do {
        SSLEngineResult result = engine.wrap(srcs, offset, length, out);
        if (result.getStatus() == Status.CLOSED) {
          throw new ClosedChannelException();
        }
        if (result.getStatus() != Status.OK) {
          break;
        }
        taken += result.bytesConsumed();
      } while (remains(srcs, offset, length));
      send(out);
    }
    return taken;
  }

  /**
   * Gives the socket what still waits.
   *
   * @return true when nothing does
   */
  boolean flush() throws IOException {
    if (unsent == null) {
      return true;
    }
    sink.write(unsent);
    if (unsent.hasRemaining()) {
      return false;
    }
    keep(null);
    return true;
  }

  boolean hasUnsent() {
    return unsent != null;
  }

  /** Sends what the engine has to say by itself. */
  void control() throws IOException {
    ByteBuffer out = scratch.sending.clear();
    SSLEngineResult result;
    do {
      result = engine.wrap(NOTHING, out);
    } while (result.getStatus() == Status.OK
        && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
    send(out);
  }

  /** Says that no more will come (close_notify). */
  void close() throws IOException {
    if (!closed) {
      closed = true;
      engine.closeOutbound();
      control();
    }
  }

  /** Tells the peer what it did wrong, where that is possible. */
  void alert() {
    closed = true;
    // A fault of the engine is thrown by the next calls, and only then is its alert to be had.
    for (int i = 0; i < 3 && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP; i++) {
      try {
        control();
      } catch (IOException | RuntimeException e) {
        // the fault itself, once more
      }
    }
  }

  /** Whether the peer was told that no more will come, or what it did wrong. */
  boolean closed() {
    return closed;
  }

  /** Sends what was put into the buffer, behind what still waits. */
  private void send(ByteBuffer out) throws IOException {
    out.flip();
    ByteBuffer waiting = unsent;
    if (waiting == null) {
      if (out.hasRemaining()) {
        sink.write(out);
      }
      slowPeer = out.hasRemaining();
      if (slowPeer) {
        keep(TlsBuffers.copy(out));
      }
    } else if (out.hasRemaining()) {
      if (waiting.remaining() + out.remaining() > MOST_UNSENT) {
        throw new IOException("TLS: the peer asks for answers and does not read them");
      }
      keep(ByteBuffer.allocate(waiting.remaining() + out.remaining()).put(waiting).put(out).flip());
    }
  }

  /** Forgets what is kept: the connection is closed. */
  void free() {
    keep(null);
  }

  private void keep(@Nullable ByteBuffer rest) {
    unsent = rest;
    counted = scratch.count(counted, TlsBuffers.size(rest));
  }

  private static boolean remains(ByteBuffer[] srcs, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (srcs[i].hasRemaining()) {
        return true;
      }
    }
    return false;
  }
}
