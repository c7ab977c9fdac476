package io.proxyetc.internal.http.frames;

import io.proxyetc.internal.http.loop.IoLoop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.conduits.ConduitStreamSinkChannel;

/**
 * The writing half of an HTTP/2 connection. All that is written within one turn of the loop, by
 * whatever streams, leaves in one write at its end: few TLS records, few system calls. What the
 * socket does not take is parked in counted buffers, and the owner hears when it is gone.
 */
public final class FrameOutlet implements ChannelListener<ConduitStreamSinkChannel>, Runnable {
  /** Who hears of a socket that takes bytes again, or never again. Called from the loop. */
  public interface Owner {
    /** The socket takes no more for now. */
    void onBlocked();

    /** All that was parked is written. */
    void onDrained();

    /** The connection is broken. */
    void onWriteFailed(IOException cause);
  }

  private final IoLoop loop;
  private final ConduitStreamSinkChannel channel;
  private final FrameBuffers buffers;
  private final Owner owner;
  private final ArrayDeque<ByteBuffer> parked = new ArrayDeque<>(1); // the last one may be filled
  private @Nullable ByteBuffer fresh; // what this turn has written
  private long parkedBytes;
  private boolean blocked;
  private boolean scheduled; // run() is to come
  private boolean closed;

  public FrameOutlet(
      IoLoop loop, ConduitStreamSinkChannel channel, FrameBuffers buffers, Owner owner) {
    this.loop = loop;
    this.channel = channel;
    this.buffers = buffers;
    this.owner = owner;
    channel.setWriteListener(this);
  }

  /** Whether the socket takes nothing now. DATA should wait then; other frames are parked. */
  public boolean blocked() {
    return blocked;
  }

  /** How much is parked. */
  public long parkedBytes() {
    return parkedBytes;
  }

  // ---- frames ----

  /** A whole header block: HEADERS, and CONTINUATION where it is large. */
  public void headers(int stream, byte[] block, int length, boolean endStream) {
    int n = Math.min(length, Frames.MAX_PAYLOAD);
    int flags = (endStream ? Frames.END_STREAM : 0) | (n == length ? Frames.END_HEADERS : 0);
    begin(n, Frames.HEADERS, flags, stream).put(block, 0, n);
    for (int at = n; at < length; at += n) {
      n = Math.min(length - at, Frames.MAX_PAYLOAD);
      int last = at + n == length ? Frames.END_HEADERS : 0;
      begin(n, Frames.CONTINUATION, last, stream).put(block, at, n);
    }
  }

  /** The next {@code n} bytes of a source as one frame. */
  public void data(int stream, ByteBuffer source, int n, boolean endStream) {
    ByteBuffer out = begin(n, Frames.DATA, endStream ? Frames.END_STREAM : 0, stream);
    int end = source.limit();
    source.limit(source.position() + n);
    out.put(source);
    source.limit(end);
  }

  /** The end of a stream without further bytes. */
  public void endStream(int stream) {
    begin(0, Frames.DATA, Frames.END_STREAM, stream);
  }

  public void reset(int stream, ErrorCode code) {
    begin(4, Frames.RST_STREAM, 0, stream).putInt(code.ordinal());
  }

  public void windowUpdate(int stream, int bytes) {
    begin(4, Frames.WINDOW_UPDATE, 0, stream).putInt(bytes);
  }

  public void goAway(int lastStream, ErrorCode code) {
    begin(8, Frames.GOAWAY, 0, 0).putInt(lastStream).putInt(code.ordinal());
  }

  public void ping(boolean ack, byte[] bytes, int from) {
    begin(8, Frames.PING, ack ? Frames.ACK : 0, 0).put(bytes, from, 8);
  }

  public void settingsAck() {
    begin(0, Frames.SETTINGS, Frames.ACK, 0);
  }

  /**
   * Writes our settings.
   *
   * @param settings pairs of number and value
   */
  public void settings(int... settings) {
    ByteBuffer out = begin(settings.length * 3, Frames.SETTINGS, 0, 0);
    for (int i = 0; i < settings.length; i += 2) {
      out.putShort((short) settings[i]).putInt(settings[i + 1]);
    }
  }

  /** The header of a frame; its payload goes into the buffer that it gives. */
  private ByteBuffer begin(int length, int type, int flags, int stream) {
    ByteBuffer out = room(Frames.HEADER + length);
    if (blocked) {
      parkedBytes += Frames.HEADER + length;
    }
    return out.putInt(length << 8 | type).put((byte) flags).putInt(stream);
  }

  // ---- buffers ----

  private ByteBuffer room(int n) {
    if (!scheduled) {
      scheduled = true;
      loop.execute(this);
    }
    ByteBuffer out = blocked ? parked.peekLast() : fresh;
    if (out != null && out.remaining() >= n) {
      return out;
    }
    if (out != null && !blocked) {
      write();
      out = fresh;
    }
    if (blocked) {
      out = loop.take(n);
      parked.add(out);
    } else if (out == null) {
      out = buffers.take();
      fresh = out;
    }
    return out;
  }

  /** The turn of the loop is over. */
  @Override
  public void run() {
    scheduled = false;
    write();
  }

  /** Writes what this turn has put together. What goes wrong is told from the loop. */
  private void write() {
    ByteBuffer out = fresh;
    if (out == null) {
      return;
    }
    fresh = null;
    if (closed) {
      buffers.free(out);
      return;
    }
    out.flip();
    try {
      channel.write(out);
      if (out.hasRemaining()) {
        parkedBytes += out.remaining();
        parked.add(loop.take(out.remaining()).put(out));
        block();
      } else if (!channel.flush()) {
        block();
      }
    } catch (IOException e) {
      fail(e);
    }
    buffers.free(out);
  }

  private void block() {
    if (!blocked) {
      blocked = true;
      channel.resumeWrites();
      owner.onBlocked();
    }
  }

  private void fail(IOException e) {
    if (!closed) {
      free();
      loop.execute(() -> owner.onWriteFailed(e));
    }
  }

  /** The socket takes bytes again. */
  @Override
  public void handleEvent(ConduitStreamSinkChannel writable) {
    try {
      if (!writeParked() || !channel.flush()) {
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

  private boolean writeParked() throws IOException {
    for (ByteBuffer first = parked.peek(); first != null; first = parked.peek()) {
      first.flip();
      try {
        parkedBytes -= channel.write(first);
      } finally {
        first.compact();
      }
      if (first.position() > 0) {
        return false;
      }
      parked.remove();
      loop.free(first);
    }
    return true;
  }

  /** Writes at once rather than at the end of this turn. */
  public void flushNow() {
    write();
  }

  /** Forgets what is not written: the connection is closed. */
  public void free() {
    closed = true;
    ByteBuffer out = fresh;
    fresh = null;
    if (out != null) {
      buffers.free(out);
    }
    for (ByteBuffer buffer = parked.poll(); buffer != null; buffer = parked.poll()) {
      loop.free(buffer);
    }
    parkedBytes = 0;
  }
}
