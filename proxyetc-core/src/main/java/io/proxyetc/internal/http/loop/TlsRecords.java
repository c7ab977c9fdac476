package io.proxyetc.internal.http.loop;

import io.proxyetc.internal.http.loop.TlsBuffers.Scratch;
import io.proxyetc.internal.tls.AskedName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Records of one connection: plain bytes here, encrypted ones on the socket. Nothing blocks, and
 * everything happens on the connection's IO thread, but for the tasks that {@link Turn#TASKS} asks
 * for. One call reads the socket at most once, and writes it only when there is a full batch or no
 * more to write.
 */
final class TlsRecords {
  /** What the handshake waits for. */
  enum Turn {
    /** The engine has work to do, away from the IO thread. */
    TASKS,
    /** The peer's bytes. */
    READ,
    /** Room in the socket. */
    WRITE,
    /** Nothing: it is done. */
    DONE,
    /** Nothing: the peer has left. */
    ENDED
  }

  /** More than this is never kept for a peer that sends control messages and does not read. */
  private static final int MOST_UNSENT = 5 * TlsBuffers.RECORD;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final StreamSourceConduit source;
  private final StreamSinkConduit sink;
  private final Scratch scratch;

  /** Received and not yet decrypted: a part of a record, or more. */
  private @Nullable ByteBuffer encrypted;

  /** Whether {@link #encrypted} may hold a whole record. */
  private boolean recordWaits;

  /** Decrypted and not yet read. */
  private @Nullable ByteBuffer decrypted;

  /** Encrypted, and not yet taken by the socket. */
  private @Nullable ByteBuffer unsent;

  /** The last write did not fit into the socket: work in small pieces, so that little is kept. */
  private boolean slowPeer;

  /** A client's first message is still to come. */
  private boolean greeting;

  /** What the budget knows of the three. */
  private int counted;

  private boolean ended;
  private boolean endedCleanly;
  private boolean endTold;
  private boolean outboundClosed;

  TlsRecords(
      SSLEngine engine, StreamSourceConduit source, StreamSinkConduit sink, Scratch scratch) {
    this.engine = engine;
    this.source = source;
    this.sink = sink;
    this.scratch = scratch;
    this.greeting = !engine.getUseClientMode();
  }

  /** Goes on with the handshake as far as it gets. */
  Turn handshake() throws IOException {
    while (true) {
      if (!flush()) {
        return Turn.WRITE;
      }
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK:
          return Turn.TASKS;
        case NEED_WRAP:
          wrapControl();
          break;
        case NEED_UNWRAP:
        case NEED_UNWRAP_AGAIN:
          if (!unwrapControl()) {
            return ended ? Turn.ENDED : Turn.READ;
          }
          break;
        default:
          return Turn.DONE;
      }
    }
  }

  /**
   * Reads plain bytes.
   *
   * @return how many; 0: none now; -1: no more will come
   */
  int read(ByteBuffer dst) throws IOException {
    if (decrypted != null) {
      int taken = move(decrypted, dst);
      if (!decrypted.hasRemaining()) {
        decrypted = null;
      }
      return taken;
    }
    if (!dst.hasRemaining()) {
      return 0;
    }
    ByteBuffer in = ended ? null : received(dst.remaining());
    if (in == null) {
      endTold = ended;
      return ended ? -1 : 0;
    }
    int before = dst.position();
    decrypt(in, dst);
    keepRest(in);
    int read = dst.position() - before;
    if (read == 0 && ended) {
      endTold = true;
      return -1;
    }
    return read;
  }

  /** Whether {@link #read} gives something without the socket becoming readable. */
  boolean holdsMore() {
    return decrypted != null || recordWaits || (ended && !endTold);
  }

  /** Whether the peer said that no more would come, rather than just vanishing. */
  boolean endedCleanly() {
    return endedCleanly;
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
    unsent = null;
    return true;
  }

  /** Tells the budget what is kept now. After each round of reading or writing. */
  void count() {
    int kept = size(encrypted) + size(decrypted) + size(unsent);
    if (kept > counted) {
      scratch.budget.take(kept - counted);
    } else if (kept < counted) {
      scratch.budget.give(counted - kept);
    }
    counted = kept;
  }

  /** Forgets what is kept: the connection is closed. */
  void free() {
    encrypted = null;
    decrypted = null;
    unsent = null;
    recordWaits = false;
    count();
  }

  private static int size(@Nullable ByteBuffer kept) {
    return kept == null ? 0 : kept.capacity();
  }

  boolean hasUnsent() {
    return unsent != null;
  }

  /** Says that no more will come (close_notify). */
  void closeOutbound() throws IOException {
    if (!outboundClosed) {
      outboundClosed = true;
      engine.closeOutbound();
      wrapControl();
    }
  }

  /** Tells the peer what it did wrong, where that is possible. */
  void sendAlert() {
    outboundClosed = true;
    // A fault of the engine is thrown by the next calls, and only then is its alert to be had.
    for (int i = 0; i < 3 && engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP; i++) {
      try {
        wrapControl();
      } catch (IOException | RuntimeException e) {
        // the fault itself, once more
      }
    }
  }

  boolean outboundClosed() {
    return outboundClosed;
  }

  /** Encrypted bytes, from what was kept or from the socket; null: none. */
  private @Nullable ByteBuffer received(int wanted) throws IOException {
    ByteBuffer kept = encrypted;
    if (kept != null && recordWaits) {
      return kept;
    }
    ByteBuffer in = scratch.received.clear();
    if (kept != null) {
      in.put(kept.duplicate());
    }
    int most = in.position() + Math.max(TlsBuffers.RECORD, wanted + 512);
    int read = source.read(in.limit(Math.min(in.capacity(), most)));
    if (read < 0) {
      ended = true;
      encrypted = null;
      return null;
    }
    if (read == 0) {
      return null;
    }
    encrypted = null;
    return in.flip();
  }

  private void keepRest(ByteBuffer in) {
    if (!in.hasRemaining() || ended) {
      encrypted = null;
      recordWaits = false;
    } else if (in != encrypted) {
      encrypted = copy(in);
    }
  }

  private void decrypt(ByteBuffer in, ByteBuffer dst) throws IOException {
    int before = dst.position();
    recordWaits = false;
    while (in.hasRemaining()) {
      if (decrypted != null || !dst.hasRemaining()) {
        recordWaits = true;
        return;
      }
      SSLEngineResult result = engine.unwrap(in, dst);
      if (result.getStatus() == Status.BUFFER_OVERFLOW) {
        if (dst.position() != before) {
          recordWaits = true;
          return;
        }
        result = unwrapAside(in, dst);
      }
      switch (result.getStatus()) {
        case OK:
          afterHandshake(result);
          break;
        case BUFFER_UNDERFLOW:
          return;
        case CLOSED:
          ended = true;
          endedCleanly = true;
          afterHandshake(result);
          return;
        case BUFFER_OVERFLOW:
          throw new SSLException("TLS: a record of more than 17 KiB");
      }
    }
  }

  /** For a record that may be larger than the caller's buffer. */
  private SSLEngineResult unwrapAside(ByteBuffer in, ByteBuffer dst) throws IOException {
    ByteBuffer plain = scratch.plain.clear();
    SSLEngineResult result = engine.unwrap(in, plain);
    move(plain.flip(), dst);
    if (plain.hasRemaining()) {
      decrypted = copy(plain);
    }
    return result;
  }

  /** Key updates are answered; a second handshake is not: it only ever helped attackers. */
  private void afterHandshake(SSLEngineResult result) throws IOException {
    switch (result.getHandshakeStatus()) {
      case NOT_HANDSHAKING:
      case FINISHED:
        return;
      case NEED_WRAP:
        wrapControl();
        return;
      default:
        throw new SSLException("TLS: the peer asks for a second handshake");
    }
  }

  private void wrapControl() throws IOException {
    ByteBuffer out = scratch.sending.clear();
    SSLEngineResult result;
    do {
      result = engine.wrap(NOTHING, out);
    } while (result.getStatus() == Status.OK
        && result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP);
    send(out);
  }

  /**
   * Hands received bytes to the handshake.
   *
   * @return false where more bytes are needed
   */
  private boolean unwrapControl() throws IOException {
    ByteBuffer in = received(TlsBuffers.RECORD);
    if (in == null) {
      return false;
    }
    if (greeting) {
      AskedName.listen(engine, in);
    }
    boolean enough = true;
    do {
      SSLEngineResult result = engine.unwrap(in, scratch.plain.clear());
      greeting &= result.bytesConsumed() == 0;
      if (result.getStatus() == Status.CLOSED) {
        ended = true;
        enough = false;
      } else if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
        enough = false;
      }
    } while (enough && in.hasRemaining() && needsUnwrap());
    recordWaits = enough && in.hasRemaining();
    keepRest(in);
    return enough;
  }

  private boolean needsUnwrap() {
    return engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP;
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
      unsent = slowPeer ? copy(out) : null;
    } else if (out.hasRemaining()) {
      if (waiting.remaining() + out.remaining() > MOST_UNSENT) {
        throw new IOException("TLS: the peer asks for answers and does not read them");
      }
      unsent =
          ByteBuffer.allocate(waiting.remaining() + out.remaining()).put(waiting).put(out).flip();
    }
  }

  private static boolean remains(ByteBuffer[] srcs, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (srcs[i].hasRemaining()) {
        return true;
      }
    }
    return false;
  }

  private static int move(ByteBuffer from, ByteBuffer to) {
    int length = Math.min(from.remaining(), to.remaining());
    if (length > 0) {
      to.put(to.position(), from, from.position(), length);
      from.position(from.position() + length);
      to.position(to.position() + length);
    }
    return length;
  }

  private static ByteBuffer copy(ByteBuffer from) {
    return ByteBuffer.allocate(from.remaining()).put(from).flip();
  }
}
