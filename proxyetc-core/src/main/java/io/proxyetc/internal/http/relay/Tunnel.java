package io.proxyetc.internal.http.relay;

import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.loop.TimerWheel.Timer;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * Relays bytes both ways between two connections after an upgrade. A half that ends is ended on the
 * other side, too; what a slow reader does not take is kept, one buffer at most, and its writer
 * waits. On the IO thread of both.
 */
public final class Tunnel {
  private static final Logger LOG = LoggerFactory.getLogger(Tunnel.class);

  /** Who hears of the end, once. */
  @FunctionalInterface
  public interface Owner {
    void onTunnelEnd();
  }

  private final IoLoop loop;
  private final StreamConnection a;
  private final StreamConnection b;
  private final Owner owner;
  private final Timer idle;
  private final long idleNanos;
  private final Direction there;
  private final Direction back;
  private boolean over;

  public Tunnel(
      IoLoop loop, StreamConnection client, StreamConnection target, long idleNanos, Owner owner) {
    this.loop = loop;
    this.a = client;
    this.b = target;
    this.owner = owner;
    this.idleNanos = idleNanos;
    this.idle = loop.wheel().timer(this::end);
    this.there = new Direction(client, target, Counter.BYTES_IN);
    this.back = new Direction(target, client, Counter.BYTES_OUT);
  }

  /**
   * Begins to relay.
   *
   * @param early what the target sent right behind its 101
   */
  public void start(byte @Nullable [] early) {
    idle.set(idleNanos);
    there.start();
    back.start();
    if (early != null) {
      back.first(early);
    }
  }

  /** Closes both sides. */
  public void end() {
    if (over) {
      return;
    }
    over = true;
    idle.remove();
    there.free();
    back.free();
    IoUtils.safeClose(a, b);
    owner.onTunnelEnd();
  }

  /** One of the two directions. */
  private final class Direction implements IoLoop.Reader {
    private final ConduitStreamSourceChannel source;
    private final ConduitStreamSinkChannel sink;
    private final Counter counter;
    private @Nullable ByteBuffer parked;
    private boolean ended;
    private boolean done;

    Direction(StreamConnection from, StreamConnection to, Counter counter) {
      this.source = from.getSourceChannel();
      this.sink = to.getSinkChannel();
      this.counter = counter;
    }

    void start() {
      source.setReadListener((ChannelListener<ConduitStreamSourceChannel>) c -> readable());
      sink.setWriteListener((ChannelListener<ConduitStreamSinkChannel>) c -> writable());
      source.resumeReads();
    }

    @Override
    public void settle() {
      // Whatever was read is written or parked before control goes back to the loop.
    }

    private void first(byte[] bytes) {
      try {
        ByteBuffer buffer = loop.readBuffer(this).put(bytes).flip();
        relay(buffer, bytes.length);
      } catch (IOException e) {
        reset();
      }
    }

    private void readable() {
      if (parked != null || done || over) {
        source.suspendReads();
        return;
      }
      try {
        ByteBuffer buffer = loop.readBuffer(this);
        int n = source.read(buffer);
        if (n < 0) {
          ended = true;
          source.suspendReads();
          finish();
        } else if (n > 0) {
          relay(buffer.flip(), n);
        }
      } catch (IOException e) {
        reset();
      }
    }

    private void relay(ByteBuffer bytes, int n) throws IOException {
      idle.set(idleNanos);
      loop.counters().add(counter, n);
      sink.write(bytes);
      if (bytes.hasRemaining()) {
        parked = loop.takeReadBuffer();
        source.suspendReads();
        sink.resumeWrites();
      } else if (!sink.flush()) {
        sink.resumeWrites();
      }
    }

    private void writable() {
      try {
        if (parked != null) {
          sink.write(parked);
          if (parked.hasRemaining()) {
            return;
          }
          loop.free(parked);
          parked = null;
        }
        if (!sink.flush()) {
          return;
        }
        sink.suspendWrites();
        idle.set(idleNanos);
        if (ended) {
          finish();
        } else {
          source.resumeReads();
        }
      } catch (IOException e) {
        reset();
      }
    }

    /** The source ended and all of it is written: so does the sink. */
    private void finish() throws IOException {
      if (parked == null && !done) {
        done = true;
        sink.shutdownWrites();
        if (!sink.flush()) {
          sink.resumeWrites();
        }
        if (there.done && back.done) {
          end();
        }
      }
    }

    private void free() {
      if (parked != null) {
        loop.free(parked);
        parked = null;
      }
    }
  }

  /** A broken connection is broken on the other side, too: no clean end where there was none. */
  private void reset() {
    for (StreamConnection connection : new StreamConnection[] {a, b}) {
      try {
        connection.setOption(org.xnio.Options.CLOSE_ABORT, true);
      } catch (IOException e) {
        LOG.debug("a connection cannot be reset: it is closed already", e);
      }
    }
    end();
  }
}
