package io.proxyetc.internal.http.streams;

import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.message.BodyConsumer;
import io.proxyetc.internal.http.message.BodyProgress;
import io.proxyetc.internal.http.message.Head;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a request on its way from DATA frames to whoever takes it. Bytes are handed on where
 * they arrive, in the shared buffer; only what nobody takes yet is stored, never more than the
 * window.
 *
 * <pre>{@code
 * EXPECTED --END_STREAM--> ended
 *     |  the response is complete first: discard()
 *     v
 * UNWANTED --END_STREAM, or too much: the stream is over
 * }</pre>
 */
final class RequestBody {
  /** What a client may send before the target takes it: what fits into one buffer. */
  static final int WINDOW = IoLoop.BUFFER;

  private static final int MAX_DISCARD = 256 * 1024;

  private final Http2Stream stream;
  private final IoLoop loop;
  private final long stated; // the length that the head says, or -1
  private final ReceiveWindow window;
  private final ReceiveWindow shared; // of the connection
  private boolean ended; // END_STREAM came
  private boolean unwanted;
  private long received;
  private @Nullable ByteBuffer arriving; // bytes in the shared buffer, during one call
  private @Nullable ByteBuffer stored; // bytes that nobody wanted yet, ready to be appended to
  private @Nullable Head trailers;
  private long discarded;
  private boolean paused; // whoever takes the body is full

  RequestBody(Http2Stream stream, boolean ended, ReceiveWindow window, ReceiveWindow shared) {
    this.stream = stream;
    this.loop = stream.loop();
    this.stated = stream.request().contentLength;
    this.ended = ended;
    this.window = window;
    this.shared = shared;
  }

  /** Whether the client has sent all of it. */
  boolean ended() {
    return ended;
  }

  /** Whether a part of it is still to be taken. */
  boolean pending() {
    return !ended || buffered();
  }

  private boolean buffered() {
    return stored != null && stored.position() > 0 || arriving != null && arriving.hasRemaining();
  }

  @Nullable Head trailers() {
    return trailers;
  }

  // ---- arriving ----

  /** Takes note of a frame of DATA; gives false if it is larger than the window. */
  boolean fits(int size) {
    return window.fits(size);
  }

  /**
   * Bytes of the body; gives what is wrong with their number.
   *
   * @param last whether END_STREAM comes with them
   */
  @Nullable String data(byte[] bytes, int from, int length, boolean last) {
    received += length;
    if (stated >= 0 && (received > stated || (last && received < stated))) {
      taken(length);
      return "the body is not as long as its Content-Length";
    }
    if (last) {
      end();
    }
    if (unwanted) {
      discard(length);
      return null;
    }
    ByteBuffer piece = ByteBuffer.wrap(bytes, from, length);
    arriving = piece;
    tellReadable();
    arriving = null;
    if (piece.hasRemaining()) {
      if (unwanted) {
        taken(piece.remaining());
      } else {
        store(piece);
      }
    }
    return null;
  }

  /** The end of the body, without further bytes. Gives what is wrong with it. */
  @Nullable String ended(@Nullable Head withTrailers) {
    if (stated >= 0 && received < stated) {
      return "the body is not as long as its Content-Length";
    }
    trailers = withTrailers;
    end();
    if (unwanted) {
      discard(0);
    } else {
      tellReadable();
    }
    return null;
  }

  private void end() {
    ended = true;
    window.close();
  }

  private void tellReadable() {
    if (!paused) {
      stream.onBodyReadable();
    }
  }

  private void store(ByteBuffer piece) {
    ByteBuffer store = stored;
    if (store == null) {
      if (loop.budget().exhausted()) {
        taken(piece.remaining());
        stream.onNoMemory();
        return;
      }
      store = loop.take(piece.remaining());
    }
    stored = loop.grown(store, piece.remaining()).put(piece);
  }

  // ---- taken ----

  /**
   * Gives a consumer what is there.
   *
   * @throws EOFException it will never be complete
   */
  BodyProgress pump(BodyConsumer consumer) throws EOFException {
    for (; ; ) {
      if (unwanted) {
        throw new EOFException("the stream is closed");
      }
      if (!buffered()) {
        freeStored();
        paused = false;
        return ended ? BodyProgress.DONE : BodyProgress.WAITING;
      }
      paused = consumer.blocked();
      if (paused) {
        return BodyProgress.BLOCKED;
      }
      give(consumer);
    }
  }

  private void give(BodyConsumer consumer) throws EOFException {
    ByteBuffer store = stored;
    ByteBuffer piece = arriving;
    boolean fromStore = store != null && store.position() > 0;
    if (store != null && fromStore) {
      piece = store.flip();
    }
    if (piece == null) {
      return;
    }
    int before = piece.remaining();
    try {
      consumer.piece(piece, false);
    } catch (IOException e) {
      throw new EOFException(String.valueOf(e.getMessage()));
    }
    int taken = before - piece.remaining();
    if (fromStore && stored == store) {
      piece.compact();
    }
    taken(taken);
  }

  /** Gives the client window back for bytes that were taken. */
  private void taken(int bytes) {
    shared.taken(bytes);
    window.taken(bytes);
  }

  /** The same for what is no body, and the connection has given back already: padding. */
  void padding(int bytes) {
    window.taken(bytes);
  }

  // ---- unwanted ----

  /** The response is complete: what is here, and what still comes, is thrown away. */
  void discard() {
    unwanted = true;
    ByteBuffer store = stored;
    if (store != null) {
      stored = null;
      loop.free(store);
      discard(store.position());
    }
  }

  private void discard(int bytes) {
    taken(bytes);
    discarded += bytes;
    if (ended) {
      stream.onDiscarded(true);
    } else if (discarded > MAX_DISCARD) {
      stream.onDiscarded(false);
    }
  }

  /** The stream is closed. */
  void free() {
    unwanted = true;
    window.close();
    int unread = stored == null ? 0 : stored.position();
    freeStored();
    shared.taken(unread);
  }

  private void freeStored() {
    ByteBuffer store = stored;
    if (store != null) {
      stored = null;
      loop.free(store);
    }
  }
}
