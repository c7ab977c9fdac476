package io.proxyetc.internal.http.streams;

import io.proxyetc.internal.http.frames.FrameOutlet;
import io.proxyetc.internal.http.frames.Frames;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.message.Downstream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The body of a response on its way into DATA frames, as far as the windows of the stream and of
 * the connection and the socket allow. What came and may not be sent yet is parked.
 */
final class ResponseBody {
  private final Http2Stream stream;
  private final int id;
  private final IoLoop loop;
  private final FrameOutlet out;
  private final SendTurns turns;
  private long window;
  private long left = Downstream.UNKNOWN; // bytes still to come, where that is known
  private long written;
  private boolean ended; // END_STREAM was sent, or never will be
  private @Nullable ArrayDeque<ByteBuffer> parked; // made when needed: most never wait
  private boolean starved; // waits for a window or for the socket
  boolean queued; // stands in the line of the connection

  ResponseBody(Http2Stream stream, FrameOutlet out, SendTurns turns, long window) {
    this.stream = stream;
    this.id = stream.id();
    this.loop = stream.loop();
    this.out = out;
    this.turns = turns;
    this.window = window;
  }

  /**
   * The head is about to be sent.
   *
   * @param length of the body; {@link Downstream#UNKNOWN}: any
   * @param body whether there is one
   */
  void begin(long length, boolean body) {
    ended = !body || length == 0;
    left = body ? length : 0;
  }

  /** Whether the client has been told that this is all. */
  boolean ended() {
    return ended;
  }

  /** The client is told now, by some other frame. */
  void end() {
    ended = true;
  }

  /** Whether all that came is sent. */
  boolean sent() {
    return parked == null || parked.isEmpty();
  }

  /** How many bytes were sent. */
  long written() {
    return written;
  }

  /** See {@link Downstream#piece}. */
  void piece(ByteBuffer piece, boolean whole) {
    if (ended) {
      piece.position(piece.limit());
      return;
    }
    if (sent()) {
      send(piece);
    }
    if (piece.hasRemaining()) {
      park(piece, whole);
    }
  }

  /** Sends as much as windows and the socket allow. */
  private void send(ByteBuffer piece) {
    while (piece.hasRemaining() && sendFrame(piece)) {}
  }

  private boolean sendFrame(ByteBuffer piece) {
    int n = (int) Math.min(piece.remaining(), Math.min(window, turns.sendable()));
    if (n <= 0) {
      return false;
    }
    n = Math.min(n, Frames.MAX_PAYLOAD);
    if (left != Downstream.UNKNOWN) {
      left -= n;
      ended = left == 0;
    }
    window -= n;
    written += n;
    turns.sent(n);
    out.data(id, piece, n, ended);
    return true;
  }

  private void park(ByteBuffer piece, boolean whole) {
    starve();
    ArrayDeque<ByteBuffer> kept = parked;
    if (kept == null) {
      kept = new ArrayDeque<>(1);
      parked = kept;
    }
    if (whole) {
      kept.add(loop.takeReadBuffer());
      return;
    }
    while (piece.hasRemaining()) {
      kept.add(loop.keep(piece));
    }
  }

  /** Waits until it may send again. */
  private void starve() {
    starved = true;
    turns.await(this);
  }

  /** Whether no further piece should come now; then {@link Http2Stream#onSent} tells when. */
  boolean blocked() {
    if (ended || (sent() && window > 0 && turns.sendable() > 0)) {
      return false;
    }
    starve();
    return true;
  }

  /** The connection has room, and it is this body's turn: one frame. */
  void onTurn() {
    if (!starved || window <= 0) {
      return; // its window will bring it back
    }
    ByteBuffer first = parked == null ? null : parked.peek();
    if (first != null && parked != null) {
      sendFrame(first);
      if (first.hasRemaining()) {
        turns.await(this);
        return;
      }
      loop.free(parked.remove());
      if (!parked.isEmpty()) {
        turns.await(this);
        return;
      }
    }
    starved = false;
    stream.onSent();
  }

  /** The client opens the window; gives false if that is more than there may be. */
  boolean widen(long bytes) {
    window += bytes;
    if (window > Integer.MAX_VALUE) {
      return false;
    }
    if (starved && window > 0) {
      stream.onWindow();
      turns.await(this);
    }
    return true;
  }

  /** The stream is closed. */
  void free() {
    ended = true;
    starved = false;
    ArrayDeque<ByteBuffer> kept = parked;
    if (kept != null) {
      kept.forEach(loop::free);
      parked = null;
    }
  }
}
