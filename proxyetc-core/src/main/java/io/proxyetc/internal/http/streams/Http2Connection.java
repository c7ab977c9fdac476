package io.proxyetc.internal.http.streams;

import io.proxyetc.Limits;
import io.proxyetc.internal.http.frames.ErrorCode;
import io.proxyetc.internal.http.frames.FloodGuard;
import io.proxyetc.internal.http.frames.FrameBuffers;
import io.proxyetc.internal.http.frames.FrameOutlet;
import io.proxyetc.internal.http.frames.FrameReader;
import io.proxyetc.internal.http.frames.Frames;
import io.proxyetc.internal.http.frames.HpackWriter;
import io.proxyetc.internal.http.frames.Http2Exception;
import io.proxyetc.internal.http.listen.OpenConnections;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.loop.TimerWheel.Timer;
import io.proxyetc.internal.http.message.Client;
import io.proxyetc.internal.http.message.Downstream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * A client's HTTP/2 connection (RFC 9113): its socket, and its life from the greeting to the end.
 * Reads stay armed, so that a client that goes away is noticed at once; only one that takes no
 * answers is not read from.
 *
 * <pre>{@code
 * OPEN --shutdown: GOAWAY, PING--> ANNOUNCED --its answer, or a second: GOAWAY--> DRAINING
 *   |  idle, fault: GOAWAY                                             no streams left |
 *   v                                                                                  v
 * LINGER (writes shut, reads discarded) <----------------------------------------------+
 *   |  the client closed, or two seconds
 *   v
 * CLOSED <-- broken, at any time
 * }</pre>
 *
 * What comes goes {@code FrameReader -> ClientFrames -> Streams, DataFrames -> Http2Stream}; what
 * leaves goes {@code Http2Stream -> ResponseBody -> FrameOutlet}, when {@link SendTurns} lets it.
 */
final class Http2Connection
    implements FrameOutlet.Owner,
        OpenConnections.Closable,
        ChannelListener<ConduitStreamSourceChannel> {
  private static final Logger LOG = LoggerFactory.getLogger(Http2Connection.class);

  private static final int MAX_PARKED = 256 * 1024;
  private static final int LAST_STREAM = Integer.MAX_VALUE;
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long ANNOUNCE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final byte[] ANNOUNCEMENT = {'d', 'r', 'a', 'i', 'n', 'i', 'n', 'g'};

  private enum State {
    OPEN,
    ANNOUNCED,
    DRAINING,
    LINGER,
    CLOSED
  }

  private final StreamConnection connection;
  private final ConduitStreamSourceChannel source;
  private final IoLoop loop;
  private final Client client;
  private final Limits limits;
  private final OpenConnections open;
  private final FrameBuffers buffers;
  private final FrameReader reader;
  private final FrameOutlet out;
  private final Streams streams;
  private final Timer timer;

  // Both below belong to the IO thread.
  private State state = State.OPEN;
  private boolean greeted; // the client's first SETTINGS came

  Http2Connection(
      StreamConnection connection,
      IoLoop loop,
      Client client,
      Limits limits,
      Downstream.Handler handler,
      OpenConnections open,
      FrameBuffers buffers) {
    this.connection = connection;
    this.source = connection.getSourceChannel();
    this.loop = loop;
    this.client = client;
    this.limits = limits;
    this.open = open;
    this.buffers = buffers;
    this.out = new FrameOutlet(loop, connection.getSinkChannel(), buffers, this);
    FloodGuard guard = new FloodGuard();
    HpackWriter hpack = new HpackWriter(buffers.blockScratch());
    this.streams = new Streams(this, loop, client, limits, handler, out, guard, hpack);
    HeaderBlocks blocks = new HeaderBlocks(limits, buffers);
    this.reader = new FrameReader(new ClientFrames(this, streams, blocks, out, guard, hpack));
    this.timer = loop.wheel().timer(this::onTimeout);
  }

  /** Greets, and begins to read. */
  void start() {
    source.setReadListener(this);
    source.setCloseListener(c -> {});
    out.settings(
        Frames.SETTINGS_MAX_CONCURRENT_STREAMS,
        limits.maxStreams(),
        Frames.SETTINGS_INITIAL_WINDOW_SIZE,
        RequestBody.WINDOW,
        Frames.SETTINGS_MAX_HEADER_LIST_SIZE,
        limits.maxHead());
    out.windowUpdate(0, Streams.WINDOW - Frames.DEFAULT_WINDOW);
    timer.set(limits.headTimeout().toNanos());
    source.resumeReads();
    handleEvent(source);
  }

  // ---- reading ----

  /** One read per event: what is still there brings the next one. */
  @Override
  public void handleEvent(ConduitStreamSourceChannel readable) {
    try {
      ByteBuffer in = buffers.input();
      int n = readable.read(in);
      if (n < 0) {
        gone(new EOFException("the client closed the connection"));
      } else if (n > 0 && !stopped()) {
        reader.read(in.array(), 0, n);
      }
    } catch (Http2Exception e) {
      fail(e);
    } catch (IOException e) {
      gone(e);
    } catch (RuntimeException | Error e) {
      LOG.error("a connection from {} failed inside the proxy", client.peer(), e);
      gone(e);
    }
  }

  /** Whether nothing that comes is looked at any more. */
  boolean stopped() {
    return state == State.LINGER || state == State.CLOSED;
  }

  /** Whether the client has said what it must say first. */
  boolean greeted() {
    return greeted;
  }

  /** SETTINGS came. */
  void onGreeting() {
    if (!greeted) {
      greeted = true;
      rearm();
    }
  }

  // ---- writing ----

  @Override
  public void onBlocked() {
    rearm();
    if (out.parkedBytes() > MAX_PARKED) {
      source.suspendReads();
    }
  }

  @Override
  public void onDrained() {
    if (state == State.CLOSED) {
      return;
    }
    rearm();
    source.resumeReads();
    if (state == State.LINGER) {
      shutdownWrites();
    } else {
      streams.turns().resume();
    }
  }

  @Override
  public void onWriteFailed(IOException cause) {
    gone(cause);
  }

  // ---- time ----

  /** There is a stream more. */
  void onStreams() {
    rearm();
  }

  /** The last stream is closed. */
  void onNoStreams() {
    rearm();
    if (state == State.DRAINING) {
      loop.execute(this::endDraining);
    }
  }

  /**
   * Sets the deadline that fits: only a connection without streams, or one that is stuck, has any.
   */
  private void rearm() {
    if (state == State.OPEN || state == State.DRAINING) {
      if (out.blocked() || (streams.isEmpty() && greeted)) {
        timer.set(limits.keepAlive().toNanos());
      } else {
        timer.cancel();
      }
    }
  }

  private void onTimeout() {
    if (state == State.ANNOUNCED) {
      beginDraining();
    } else if (state == State.LINGER || out.blocked()) {
      gone(new EOFException("the client takes nothing"));
    } else if (!greeted || streams.isEmpty()) {
      out.goAway(streams.lastServed(), ErrorCode.NO_ERROR);
      linger();
    }
  }

  // ---- draining ----

  /**
   * The proxy is shutting down. The client hears it first, and until it has answered, requests that
   * are under way are still served (RFC 9113, section 6.8).
   */
  @Override
  public void shutdown() {
    if (state == State.OPEN) {
      state = State.ANNOUNCED;
      out.goAway(LAST_STREAM, ErrorCode.NO_ERROR);
      out.ping(false, ANNOUNCEMENT, 0);
      timer.set(ANNOUNCE_NANOS);
    }
  }

  /** The client has seen all that was sent before a PING of ours. */
  void onPingAnswer() {
    if (state == State.ANNOUNCED) {
      beginDraining();
    }
  }

  /** The client begins no more requests. */
  void onGoAway() {
    if (state != State.DRAINING) {
      beginDraining();
    }
  }

  private void beginDraining() {
    state = State.DRAINING;
    streams.refuseNew();
    out.goAway(streams.lastServed(), ErrorCode.NO_ERROR);
    rearm();
    if (streams.isEmpty()) {
      linger();
    }
  }

  private void endDraining() {
    if (state == State.DRAINING && streams.isEmpty()) {
      linger();
    }
  }

  // ---- the end ----

  private void fail(Http2Exception e) {
    LOG.debug("{}: {}", client.peer(), e.getMessage());
    if (!stopped()) {
      out.goAway(streams.lastServed(), e.code());
      streams.failAll(e);
      linger();
    }
  }

  /**
   * Closes the writing half and reads on for a while: a socket closed with unread bytes would
   * reset, and the client lose what it has not read.
   */
  private void linger() {
    if (stopped()) {
      return;
    }
    state = State.LINGER;
    streams.receiveWindow().close();
    timer.set(LINGER_NANOS);
    out.flushNow();
    if (!out.blocked()) {
      shutdownWrites();
    }
    source.resumeReads();
  }

  private void shutdownWrites() {
    try {
      connection.getSinkChannel().shutdownWrites();
      connection.getSinkChannel().flush();
    } catch (IOException e) {
      gone(e);
    }
  }

  private void gone(Throwable cause) {
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    streams.receiveWindow().close();
    timer.remove();
    out.free();
    streams.failAll(cause);
    streams.turns().clear();
    loop.counters().add(Counter.CLOSED);
    IoUtils.safeClose(connection);
    open.closed(this); // last: when all are, a proxy that shuts down ends the threads
  }

  /** The proxy's patience is over. */
  @Override
  public void terminate() {
    gone(new EOFException("the proxy is shutting down"));
  }
}
