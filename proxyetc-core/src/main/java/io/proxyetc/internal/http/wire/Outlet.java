package io.proxyetc.internal.http.wire;

import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.message.BodyConsumer;
import io.proxyetc.internal.http.message.Head;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.conduits.ConduitStreamSinkChannel;

/**
 * The writing half of an HTTP/1 connection. Small things are staged in the thread's shared write
 * buffer, so that a head and a small body leave in one write; what the socket does not take is
 * parked, and the owner hears when it is gone. Whoever writes calls {@link #flush} before control
 * goes back to the loop.
 */
public final class Outlet
    implements IoLoop.Stager, BodyConsumer, ChannelListener<ConduitStreamSinkChannel> {
  private static final int COPY = 16 * 1024; // up to here copying is cheaper than a gathering write

  private static final byte[] LAST_CHUNK = {'0', '\r', '\n'};
  private static final byte[] HEX =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  /** Who hears of a socket that takes bytes again, or never again. */
  public interface Owner {
    /** All that was parked is written. */
    void onDrained();

    /** The connection is broken; called from the loop, never from within a write. */
    void onWriteFailed(IOException cause);
  }

  private final IoLoop loop;
  private final ConduitStreamSinkChannel channel;
  private final Owner owner;
  private final HeadWriter head;
  private final ArrayDeque<ByteBuffer> parked = new ArrayDeque<>(2);
  private boolean blocked; // bytes are parked here or in the channel
  private boolean chunked; // pieces are framed as chunks
  private long written; // body bytes
  private @Nullable IOException failure;

  public Outlet(IoLoop loop, ConduitStreamSinkChannel channel, Owner owner) {
    this.loop = loop;
    this.channel = channel;
    this.owner = owner;
    this.head = new HeadWriter(loop.scratch());
    channel.setWriteListener(this);
  }

  /** How the pieces that follow are framed. */
  public void framing(boolean asChunks) {
    chunked = asChunks;
    written = 0;
  }

  /** Body bytes since {@link #framing}. */
  public long written() {
    return written;
  }

  @Override
  public boolean blocked() {
    return blocked;
  }

  /** Begins a head, in memory that the thread shares: {@link #endHead} comes in the same turn. */
  public HeadWriter beginHead() {
    head.begin();
    return head;
  }

  /** Stages the head that was begun. */
  public void endHead() throws IOException {
    try {
      head(head.bytes(), 0, head.length());
    } finally {
      head.begin(); // gives up the larger array that a large head took
    }
  }

  /** Stages bytes that are no body: a head. */
  public void head(byte[] bytes, int from, int to) throws IOException {
    int at = from;
    while (at < to) {
      ByteBuffer stage = stage();
      int n = Math.min(stage.remaining(), to - at);
      stage.put(bytes, at, n);
      at += n;
      if (!stage.hasRemaining()) {
        writeStaged();
      }
    }
  }

  @Override
  public void piece(ByteBuffer piece, boolean whole) throws IOException {
    int size = piece.remaining();
    written += size;
    if (chunked) {
      chunk(piece, size);
    } else if (size <= COPY && stage().remaining() >= size) {
      stage().put(piece);
    } else {
      writeDirectly(piece, whole);
    }
  }

  /** A chunk: size line, data, CRLF. It is copied, which is cheaper than three parts. */
  private void chunk(ByteBuffer piece, int size) throws IOException {
    int digits = Math.max(1, (35 - Integer.numberOfLeadingZeros(size)) / 4);
    if (stage().remaining() < digits + 4 + size) {
      writeStaged();
    }
    ByteBuffer stage = stage();
    if (stage.remaining() < digits + 4 + size) {
      // Larger than a buffer: as two chunks.
      int end = piece.limit();
      piece.limit(piece.position() + size / 2);
      chunk(piece, size / 2);
      piece.limit(end);
      chunk(piece, size - size / 2);
      return;
    }
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      stage.put(HEX[(size >>> shift) & 15]);
    }
    stage.put((byte) '\r').put((byte) '\n').put(piece).put((byte) '\r').put((byte) '\n');
  }

  /** Ends a chunked body; others end by themselves. */
  public void end(@Nullable Head trailers) throws IOException {
    if (!chunked) {
      return;
    }
    head(LAST_CHUNK, 0, LAST_CHUNK.length);
    HeadWriter writer = new HeadWriter(new byte[64]);
    if (trailers != null) {
      for (int i = 0; i < trailers.count(); i++) {
        if (Trailers.allowed(trailers, i)) {
          writer.field(trailers, i);
        }
      }
    }
    writer.crlf();
    head(writer.bytes(), 0, writer.length());
  }

  private ByteBuffer stage() {
    return loop.writeBuffer(this);
  }

  /** Writes a large piece, together with what is staged. */
  private void writeDirectly(ByteBuffer piece, boolean whole) throws IOException {
    check();
    if (!blocked) {
      if (loop.stages(this)) {
        ByteBuffer stage = stage().flip();
        channel.write(new ByteBuffer[] {stage, piece}, 0, 2);
        if (stage.hasRemaining()) {
          park(loop.takeWriteBuffer());
        } else {
          loop.staged(this);
        }
      } else {
        channel.write(piece);
      }
    } else {
      writeStaged();
    }
    if (piece.hasRemaining()) {
      parkPiece(piece, whole);
    }
  }

  private void parkPiece(ByteBuffer piece, boolean whole) {
    if (whole) {
      park(loop.takeReadBuffer());
      return;
    }
    while (piece.hasRemaining()) {
      park(loop.keep(piece));
    }
  }

  private void park(ByteBuffer buffer) {
    parked.add(buffer);
    if (!blocked) {
      blocked = true;
      channel.resumeWrites();
    }
  }

  private void writeStaged() throws IOException {
    check();
    if (!loop.stages(this)) {
      return;
    }
    ByteBuffer stage = stage().flip();
    if (!blocked) {
      channel.write(stage);
    }
    if (stage.hasRemaining()) {
      park(loop.takeWriteBuffer());
    } else {
      loop.staged(this);
    }
  }

  private void check() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  /** Writes what is staged. Gives false if the peer must read first. */
  public boolean flush() throws IOException {
    writeStaged();
    if (!blocked && !channel.flush()) {
      blocked = true;
      channel.resumeWrites();
    }
    return !blocked;
  }

  @Override
  public void flushStaged() {
    try {
      writeStaged();
    } catch (IOException e) {
      fail(e);
    }
  }

  private void fail(IOException e) {
    if (failure == null) {
      failure = e;
      loop.execute(() -> owner.onWriteFailed(e));
    }
  }

  /** The socket takes bytes again. */
  @Override
  public void handleEvent(ConduitStreamSinkChannel writable) {
    try {
      for (ByteBuffer first = parked.peek(); first != null; first = parked.peek()) {
        channel.write(first);
        if (first.hasRemaining()) {
          return;
        }
        loop.free(parked.remove());
      }
      if (!channel.flush()) {
        return;
      }
    } catch (IOException e) {
      channel.suspendWrites();
      fail(e);
      return;
    }
    channel.suspendWrites();
    if (blocked) {
      blocked = false;
      owner.onDrained();
    }
  }

  /** Forgets what is staged and parked: the connection is closed. */
  public void free() {
    loop.staged(this);
    for (ByteBuffer buffer = parked.poll(); buffer != null; buffer = parked.poll()) {
      loop.free(buffer);
    }
    if (failure == null) {
      failure = new IOException("closed");
    }
  }
}
