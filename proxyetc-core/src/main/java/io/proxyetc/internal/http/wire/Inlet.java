package io.proxyetc.internal.http.wire;

import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.message.BodyConsumer;
import io.proxyetc.internal.http.message.BodyProgress;
import io.proxyetc.internal.http.message.Head;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * The reading half of an HTTP/1 connection: heads and bodies out of bytes, in the thread's shared
 * buffer. Bytes beyond the message stay and come first for the next one.
 */
public final class Inlet implements IoLoop.Reader {
  /** {@link #head}: the peer closed. */
  public static final int CLOSED = -3;

  /** After so many reads the others of the thread have their turn, however fast the peer is. */
  private static final int READS = 16;

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final IoLoop loop;
  private final ConduitStreamSourceChannel channel;
  private final boolean plain;
  private final BodyDecoder decoder = new BodyDecoder();
  private ByteBuffer input = EMPTY; // unread bytes: in the shared buffer or one that we own
  private boolean owned; // whether input is ours
  private boolean drained; // the last read got less than it could: nothing is there now

  /**
   * @param plain whether the channel is a bare socket, of which a short read means that it is
   *     empty; TLS must be read until it gives nothing
   */
  public Inlet(IoLoop loop, ConduitStreamSourceChannel channel, boolean plain) {
    this.loop = loop;
    this.channel = channel;
    this.plain = plain;
  }

  public BodyDecoder decoder() {
    return decoder;
  }

  /** The channel says that it is readable. */
  public void readable() {
    drained = false;
  }

  /** Whether bytes were read that nobody asked for yet. */
  public boolean hasUnread() {
    return unread() > 0;
  }

  private int unread() {
    return owned || loop.reads(this) ? input.remaining() : 0;
  }

  @Override
  public void settle() {
    if (!owned && input.hasRemaining()) {
      input = loop.takeReadBuffer();
      owned = true;
    }
  }

  /** Gives back the buffer it may own. */
  public void free() {
    if (owned) {
      loop.free(input);
      owned = false;
    }
    input = EMPTY;
  }

  /**
   * Reads if nothing is unread. Gives the number of unread bytes, 0, or -1 when the peer closed.
   */
  public int fill() throws IOException {
    int unread = unread();
    if (unread > 0) {
      return unread;
    }
    if (drained) {
      return 0;
    }
    free();
    ByteBuffer buffer = loop.readBuffer(this);
    int n = channel.read(buffer);
    buffer.flip();
    input = buffer;
    drained = n <= 0 || (plain && n < buffer.capacity());
    return n;
  }

  /**
   * Reads on in a head that the parser has begun.
   *
   * @return the head's length when it is complete, {@link HeadParser#MORE}, {@link
   *     HeadParser#FAULT}, or {@link #CLOSED}
   */
  public int head(HeadParser parser, Head head) throws IOException {
    for (; ; ) {
      int n = fill();
      if (n <= 0) {
        return n < 0 ? CLOSED : HeadParser.MORE;
      }
      int before = head.length;
      int taken = Math.min(n, Head.SMALL); // a body may be behind it: no array for that
      head.ensure(taken);
      input.get(head.bytes, before, taken);
      head.length = before + taken;
      int end = parser.parse();
      if (end >= 0) {
        input.position(input.position() - (head.length - end));
        head.length = end;
        return end;
      }
      if (end == HeadParser.FAULT) {
        return end;
      }
    }
  }

  /**
   * Gives the body to a consumer piece by piece until it ends, the consumer is full, nothing is
   * there, or so much was that others should have their turn: then the channel is still readable.
   *
   * @throws EOFException the peer closed within the body
   * @throws FramingException its framing is broken
   */
  public BodyProgress pump(BodyConsumer consumer) throws IOException {
    for (int reads = 0; ; ) {
      if (decoder.done()) {
        return BodyProgress.DONE;
      }
      if (consumer.blocked()) {
        return BodyProgress.BLOCKED;
      }
      if (unread() == 0 && ++reads > READS) {
        return BodyProgress.WAITING;
      }
      int n = fill();
      if (n == 0) {
        return BodyProgress.WAITING;
      }
      if (n < 0) {
        if (decoder.endsByClose()) {
          decoder.none();
          return BodyProgress.DONE;
        }
        throw new EOFException("closed within a body");
      }
      int size = decoder.next(input);
      if (size > 0) {
        piece(size, consumer);
      }
    }
  }

  private void piece(int size, BodyConsumer consumer) throws IOException {
    ByteBuffer in = input;
    int end = in.limit();
    int pieceEnd = in.position() + size;
    boolean whole = pieceEnd == end && !owned;
    in.limit(pieceEnd);
    consumer.piece(in, whole);
    if (whole && !loop.reads(this)) {
      input = EMPTY; // the consumer took the buffer
    } else {
      in.limit(end);
      in.position(pieceEnd);
    }
  }

  /**
   * Reads on behind what is unread, to see whether the peer is still there.
   *
   * @return -1: it is gone; 0: there is no room for more; else it may be asked again when readable
   */
  public int peek() throws IOException {
    if (unread() == 0) {
      int n = fill();
      return n == 0 ? 1 : n;
    }
    settle();
    if (input.remaining() == IoLoop.BUFFER) {
      return 0;
    }
    input = loop.grown(input.compact(), 1);
    int n = channel.read(input);
    input.flip();
    return n < 0 ? -1 : 1;
  }

  /** What was read beyond the message, as an array: for a connection that is handed on. */
  public byte @Nullable [] takeUnread() {
    int n = unread();
    if (n == 0) {
      return null;
    }
    byte[] bytes = new byte[n];
    input.get(bytes);
    free();
    return bytes;
  }
}
