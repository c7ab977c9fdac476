package io.proxyetc.internal.http.loop;

import io.proxyetc.internal.http.loop.TlsBuffers.Scratch;
import io.proxyetc.internal.tls.AskedName;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.StreamSourceConduit;

/**
 * The records that come in on one connection: encrypted bytes on the socket, plain ones here.
 * Nothing blocks; one call reads the socket at most once. On the connection's IO thread.
 */
final class TlsInlet {
  private final SSLEngine engine;
  private final StreamSourceConduit source;
  private final Scratch scratch;
  private final TlsOutlet outlet;

  /** Received and not yet decrypted: a part of a record, or more. */
  private @Nullable ByteBuffer encrypted;

  /** Whether {@link #encrypted} may hold a whole record. */
  private boolean recordWaits;

  /** Decrypted and not yet read. */
  private @Nullable ByteBuffer decrypted;

  /** A client's first message is still to come. */
  private boolean greeting;

  /** What the budget knows of the two. */
  private int counted;

  private boolean ended;
  private boolean endedCleanly;
  private boolean endTold;

  /**
   * @param outlet takes what the engine answers by itself
   */
  TlsInlet(SSLEngine engine, StreamSourceConduit source, Scratch scratch, TlsOutlet outlet) {
    this.engine = engine;
    this.source = source;
    this.scratch = scratch;
    this.outlet = outlet;
    this.greeting = !engine.getUseClientMode();
  }

  /**
   * Hands received bytes to the handshake.
   *
   * @return false where more bytes are needed, or where there are no more
   */
  boolean handshake() throws IOException {
    ByteBuffer in = received(TlsBuffers.RECORD);
    if (in == null) {
      count();
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
    count();
    return enough;
  }

  private boolean needsUnwrap() {
    return engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP;
  }

  /**
   * Reads plain bytes.
   *
   * @return how many; 0: none now; -1: no more will come
   */
  int read(ByteBuffer dst) throws IOException {
    int read = decrypted != null ? readDecrypted(decrypted, dst) : readRecords(dst);
    count();
    return read;
  }

  private int readDecrypted(ByteBuffer kept, ByteBuffer dst) {
    int taken = move(kept, dst);
    if (!kept.hasRemaining()) {
      decrypted = null;
    }
    return taken;
  }

  private int readRecords(ByteBuffer dst) throws IOException {
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

  /** Whether the peer has left. */
  boolean ended() {
    return ended;
  }

  /** Whether the peer said that no more would come, rather than just vanishing. */
  boolean endedCleanly() {
    return endedCleanly;
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
      decrypted = TlsBuffers.copy(plain);
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
        outlet.control();
        return;
      default:
        throw new SSLException("TLS: the peer asks for a second handshake");
    }
  }

  private void keepRest(ByteBuffer in) {
    if (!in.hasRemaining() || ended) {
      encrypted = null;
      recordWaits = false;
    } else if (in != encrypted) {
      encrypted = TlsBuffers.copy(in);
    }
  }

  /** Forgets what is kept: the connection is closed. */
  void free() {
    encrypted = null;
    decrypted = null;
    recordWaits = false;
    count();
  }

  private void count() {
    counted = scratch.count(counted, TlsBuffers.size(encrypted) + TlsBuffers.size(decrypted));
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
}
