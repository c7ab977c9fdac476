package io.proxyetc.internal.http.listen;

import io.proxyetc.Limits;
import io.proxyetc.internal.http.frames.ErrorCode;
import io.proxyetc.internal.http.frames.FloodGuard;
import io.proxyetc.internal.http.frames.FrameBuffers;
import io.proxyetc.internal.http.frames.FrameOutlet;
import io.proxyetc.internal.http.frames.FrameReader;
import io.proxyetc.internal.http.frames.Frames;
import io.proxyetc.internal.http.frames.HpackWriter;
import io.proxyetc.internal.http.frames.Http2Exception;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.loop.TimerWheel.Timer;
import io.proxyetc.internal.http.message.Client;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.wire.HeadFault;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * A client's HTTP/2 connection (RFC 9113). Reads stay armed, so that a client that goes away is
 * noticed at once; only one that takes no answers is not read from.
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
 */
final class Http2Connection
    implements FrameReader.Sink,
        FrameOutlet.Owner,
        OpenConnections.Closable,
        ChannelListener<ConduitStreamSourceChannel> {
  private static final Logger LOG = LoggerFactory.getLogger(Http2Connection.class);

  /** What all bodies of a connection may occupy before targets take them. */
  private static final int WINDOW = 1 << 20;

  private static final int MAX_PARKED = 256 * 1024;
  private static final int LAST_STREAM = Integer.MAX_VALUE;
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long ANNOUNCE_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int TINY_WINDOW = 256;
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
  private final Downstream.Handler handler;
  private final OpenConnections open;
  private final FrameBuffers buffers;
  private final FrameReader reader = new FrameReader(this);
  private final FrameOutlet out;
  private final HeaderBlocks blocks;
  private final HpackWriter hpack;
  private final FloodGuard guard = new FloodGuard();
  private final StreamTable<Http2Stream> streams = new StreamTable<>();
  private final ArrayDeque<Http2Stream> waiting = new ArrayDeque<>(); // for window or socket
  private final Timer timer;

  // All below belong to the IO thread.
  private State state = State.OPEN;
  private boolean greeted; // the client's first SETTINGS came
  private int lastStream; // the highest number of a request
  private int lastServed; // the same of those that were not turned away as the proxy shuts down
  private long sendWindow = Frames.DEFAULT_WINDOW;
  private int initialWindow = Frames.DEFAULT_WINDOW; // of the client's streams
  private int receiveWindow = WINDOW;
  private int unreturned; // consumed bytes that the client's window was not yet given back
  private boolean serving; // resume() is on the stack

  // The DATA frame that is being read.
  private @Nullable Http2Stream receiving;
  private boolean receivingLast; // END_STREAM comes with it
  private int receivingRest; // its bytes still to come, padding included

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
    this.handler = handler;
    this.open = open;
    this.buffers = buffers;
    this.out = new FrameOutlet(loop, connection.getSinkChannel(), buffers, this);
    this.blocks = new HeaderBlocks(limits, buffers);
    this.hpack = new HpackWriter(buffers.blockScratch());
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
        Http2Stream.WINDOW,
        Frames.SETTINGS_MAX_HEADER_LIST_SIZE,
        limits.maxHead());
    out.windowUpdate(0, WINDOW - Frames.DEFAULT_WINDOW);
    timer.set(limits.headTimeout().toNanos());
    source.resumeReads();
    handleEvent(source);
  }

  IoLoop loop() {
    return loop;
  }

  Client client() {
    return client;
  }

  Limits limits() {
    return limits;
  }

  HpackWriter hpack() {
    return hpack;
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

  @Override
  public boolean stopped() {
    return state == State.LINGER || state == State.CLOSED;
  }

  @Override
  public void frame(int type, int flags, int stream, byte[] b, int from, int length)
      throws Http2Exception {
    checkOrder(type, stream);
    try {
      switch (type) {
        case Frames.HEADERS -> {
          oddStream(stream);
          blocks.headers(flags, stream, b, from, length);
          block();
        }
        case Frames.CONTINUATION -> {
          blocks.continuation(flags, stream, b, from, length);
          block();
        }
        case Frames.PRIORITY -> priority(stream, b, from, length);
        case Frames.RST_STREAM -> reset(stream, length);
        case Frames.SETTINGS -> settings(flags, stream, b, from, length);
        case Frames.PUSH_PROMISE -> throw protocol("clients cannot push");
        case Frames.PING -> ping(flags, stream, b, from, length);
        case Frames.GOAWAY -> goingAway(stream, b, from, length);
        case Frames.WINDOW_UPDATE -> windowUpdate(stream, b, from, length);
        default -> guard.idleFrame(); // of an extension that nobody agreed on
      }
    } catch (Http2Exception e) {
      if (e.stream() == 0) {
        throw e;
      }
      failStream(e);
    }
  }

  private static Http2Exception protocol(String message) {
    return Http2Exception.connection(ErrorCode.PROTOCOL_ERROR, message);
  }

  private static void size(boolean right, String frame) throws Http2Exception {
    if (!right) {
      throw Http2Exception.connection(ErrorCode.FRAME_SIZE_ERROR, frame + " is of the wrong size");
    }
  }

  private void checkOrder(int type, int stream) throws Http2Exception {
    if (!greeted && type != Frames.SETTINGS) {
      throw protocol("SETTINGS must come first");
    }
    if (blocks.open() && (type != Frames.CONTINUATION || !blocks.openFor(stream))) {
      throw protocol("a header block is interrupted");
    }
  }

  private static void oddStream(int stream) throws Http2Exception {
    if ((stream & 1) == 0) {
      throw protocol("clients use odd stream numbers");
    }
  }

  // ---- requests ----

  /** Another part of a header block came: perhaps it is complete. */
  private void block() throws Http2Exception {
    if (blocks.open()) {
      return;
    }
    int id = blocks.stream();
    Http2Stream stream = streams.get(id);
    if (stream != null) {
      trailers(stream);
    } else if (id > lastStream) {
      request(id);
    } else {
      blocks.skip();
      closedStream(id, "HEADERS");
    }
  }

  private void trailers(Http2Stream stream) throws Http2Exception {
    Head trailers = blocks.trailers();
    if (stream.remoteEnded()) {
      throw streamFault(stream.id(), ErrorCode.STREAM_CLOSED, "HEADERS behind the end");
    }
    String malformed = blocks.malformed();
    if (malformed == null && !blocks.endStream()) {
      malformed = "trailers that are not the end";
    }
    if (malformed == null) {
      malformed = stream.ended(trailers.count() == 0 ? null : trailers);
    }
    if (malformed != null) {
      throw streamFault(stream.id(), ErrorCode.PROTOCOL_ERROR, malformed);
    }
  }

  private static Http2Exception streamFault(int stream, ErrorCode code, String message) {
    return Http2Exception.stream(stream, code, message);
  }

  private void request(int id) throws Http2Exception {
    lastStream = id;
    if (state == State.DRAINING) {
      blocks.skip(); // the client was told that it would not be served
      return;
    }
    lastServed = id;
    Head head = new Head();
    HeadFault fault = blocks.request(head);
    String malformed = blocks.malformed();
    if (malformed != null) {
      throw streamFault(id, ErrorCode.PROTOCOL_ERROR, malformed);
    }
    if (streams.size() >= limits.maxStreams()) {
      throw streamFault(id, ErrorCode.REFUSED_STREAM, "too many streams at once");
    }
    Http2Stream stream = new Http2Stream(id, this, out, head, blocks.endStream(), initialWindow);
    streams.put(stream);
    rearm();
    if (fault != HeadFault.NONE) {
      handler.refuse(stream, fault.status(), fault.text());
    } else if (limits.maxBody() > 0 && head.contentLength > limits.maxBody()) {
      handler.refuse(stream, 413, "the body is larger than " + limits.maxBody() + " bytes");
    } else {
      handler.handle(stream);
    }
  }

  /** A frame for a stream that is not open, and not new. */
  private void closedStream(int id, String frame) throws Http2Exception {
    if (streams.resetLately(id) || state == State.DRAINING) {
      return; // it was under way when the stream was reset, or turned away
    }
    throw Http2Exception.connection(
        streams.closedLately(id) ? ErrorCode.STREAM_CLOSED : ErrorCode.PROTOCOL_ERROR,
        frame + " for a closed stream");
  }

  // ---- bodies ----

  @Override
  public void dataBegins(int flags, int id, int size) throws Http2Exception {
    checkOrder(Frames.DATA, id);
    receiving = null;
    receivingRest = size;
    receivingLast = (flags & Frames.END_STREAM) != 0;
    oddStream(id);
    if (id > lastStream) {
      throw protocol("DATA for a stream that was not begun");
    }
    receiveWindow -= size;
    if (receiveWindow < 0) {
      throw Http2Exception.connection(
          ErrorCode.FLOW_CONTROL_ERROR, "more DATA than the connection's window");
    }
    if (size == 0 && !receivingLast) {
      guard.idleFrame();
    }
    Http2Stream stream = streams.get(id);
    if (stream == null) {
      closedStream(id, "DATA");
    } else if (stream.remoteEnded()) {
      failStream(streamFault(id, ErrorCode.STREAM_CLOSED, "DATA behind the end"));
    } else if (!stream.fits(size)) {
      failStream(
          streamFault(id, ErrorCode.FLOW_CONTROL_ERROR, "more DATA than the stream's window"));
    } else {
      receiving = stream;
    }
  }

  @Override
  public void data(byte[] bytes, int from, int length, boolean last) throws Http2Exception {
    receivingRest -= length;
    Http2Stream stream = receiving;
    if (stream == null || stream.closed()) {
      consumed(length);
      return;
    }
    boolean end = last && receivingLast;
    if (length > 0 || end) {
      receivingLast &= !end;
      String fault = stream.data(bytes, from, length, end);
      if (fault != null) {
        failStream(streamFault(stream.id(), ErrorCode.PROTOCOL_ERROR, fault));
      }
    }
  }

  @Override
  public void dataEnds() throws Http2Exception {
    Http2Stream stream = receiving;
    receiving = null;
    consumed(receivingRest);
    if (stream == null || stream.closed()) {
      return;
    }
    if (receivingRest > 0) {
      stream.returnWindow(receivingRest);
    }
    if (receivingLast) {
      String fault = stream.ended(null);
      if (fault != null) {
        failStream(streamFault(stream.id(), ErrorCode.PROTOCOL_ERROR, fault));
      }
    }
  }

  /** Bytes of bodies have been taken: the client may send as many again. */
  void consumed(int bytes) {
    unreturned += bytes;
    if (unreturned >= WINDOW / 4 && !stopped()) {
      out.windowUpdate(0, unreturned);
      receiveWindow += unreturned;
      unreturned = 0;
    }
  }

  // ---- other frames ----

  private void priority(int id, byte[] b, int from, int length) throws Http2Exception {
    guard.idleFrame();
    if (id == 0) {
      throw protocol("PRIORITY without a stream");
    }
    if (length != 5) {
      throw streamFault(id, ErrorCode.FRAME_SIZE_ERROR, "PRIORITY is of the wrong size");
    }
    if (Frames.int31(b, from) == id) {
      throw streamFault(id, ErrorCode.PROTOCOL_ERROR, "a stream depends on itself");
    }
  }

  private void reset(int id, int length) throws Http2Exception {
    size(length == 4, "RST_STREAM");
    if (id == 0 || id > lastStream || (id & 1) == 0) {
      throw protocol("RST_STREAM for a stream that was not begun");
    }
    guard.reset();
    Http2Stream stream = streams.get(id);
    if (stream != null) {
      stream.fail(new EOFException("the client reset the stream"), null);
    }
  }

  private void settings(int flags, int id, byte[] b, int from, int length) throws Http2Exception {
    if (id != 0) {
      throw protocol("SETTINGS with a stream");
    }
    if ((flags & Frames.ACK) != 0) {
      size(length == 0, "SETTINGS");
      return;
    }
    size(length % 6 == 0, "SETTINGS");
    guard.idleFrame();
    for (int at = from; at < from + length; at += 6) {
      setting((b[at] & 0xff) << 8 | (b[at + 1] & 0xff), Frames.int32(b, at + 2) & 0xffffffffL);
    }
    out.settingsAck();
    if (!greeted) {
      greeted = true;
      rearm();
    }
    resume();
  }

  private void setting(int which, long value) throws Http2Exception {
    switch (which) {
      case Frames.SETTINGS_HEADER_TABLE_SIZE -> hpack.peerTable(value);
      case Frames.SETTINGS_ENABLE_PUSH -> {
        if (value > 1) {
          throw protocol("ENABLE_PUSH is 0 or 1");
        }
      }
      case Frames.SETTINGS_INITIAL_WINDOW_SIZE -> initialWindow(value);
      case Frames.SETTINGS_MAX_FRAME_SIZE -> {
        if (value < Frames.MAX_PAYLOAD || value > 0xffffff) {
          throw protocol("MAX_FRAME_SIZE is out of range");
        }
      }
      default -> {}
    }
  }

  private void initialWindow(long value) throws Http2Exception {
    if (value > Integer.MAX_VALUE) {
      throw Http2Exception.connection(
          ErrorCode.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE is too large");
    }
    long difference = value - initialWindow;
    initialWindow = (int) value;
    if (difference != 0) {
      for (Http2Stream stream : streams.all()) {
        if (!stream.widen(difference)) {
          throw Http2Exception.connection(
              ErrorCode.FLOW_CONTROL_ERROR, "a stream's window is too large");
        }
      }
    }
  }

  private void ping(int flags, int id, byte[] b, int from, int length) throws Http2Exception {
    if (id != 0) {
      throw protocol("PING with a stream");
    }
    size(length == 8, "PING");
    if ((flags & Frames.ACK) == 0) {
      guard.idleFrame();
      out.ping(true, b, from);
    } else if (state == State.ANNOUNCED) {
      beginDraining();
    }
  }

  /**
   * The client begins no more requests. Those under way it may still want, unless it says why not.
   */
  private void goingAway(int id, byte[] b, int from, int length) throws Http2Exception {
    if (id != 0) {
      throw protocol("GOAWAY with a stream");
    }
    size(length >= 8, "GOAWAY");
    if (Frames.int32(b, from + 4) != ErrorCode.NO_ERROR.ordinal()) {
      tellStreams(new EOFException("the client gave the connection up"));
    }
    if (state != State.DRAINING) {
      beginDraining();
    }
  }

  private void windowUpdate(int id, byte[] b, int from, int length) throws Http2Exception {
    size(length == 4, "WINDOW_UPDATE");
    int more = Frames.int31(b, from);
    if (more < TINY_WINDOW) {
      guard.idleFrame();
    }
    if (id == 0) {
      sendWindow += more;
      if (more == 0 || sendWindow > Integer.MAX_VALUE) {
        throw Http2Exception.connection(
            more == 0 ? ErrorCode.PROTOCOL_ERROR : ErrorCode.FLOW_CONTROL_ERROR,
            "WINDOW_UPDATE of a wrong amount");
      }
    } else {
      if (id > lastStream || (id & 1) == 0) {
        throw protocol("WINDOW_UPDATE for a stream that was not begun");
      }
      if (more == 0) {
        throw streamFault(id, ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of nothing");
      }
      Http2Stream stream = streams.get(id);
      if (stream != null && !stream.widen(more)) {
        throw streamFault(id, ErrorCode.FLOW_CONTROL_ERROR, "the window is too large");
      }
    }
    resume();
  }

  // ---- writing ----

  /** How many bytes of DATA may be sent now. */
  long sendable() {
    return out.blocked() ? 0 : sendWindow;
  }

  void sent(int bytes) {
    sendWindow -= bytes;
  }

  /** Puts a stream in line for its turn. */
  void await(Http2Stream stream) {
    if (!stream.queued) {
      stream.queued = true;
      waiting.add(stream);
    }
  }

  /** Gives each waiting stream its turn, round and round, as long as there is room. */
  private void resume() {
    if (serving) {
      return;
    }
    serving = true;
    try {
      while (sendable() > 0) {
        Http2Stream next = waiting.poll();
        if (next == null) {
          return;
        }
        next.queued = false;
        next.onTurn();
      }
    } finally {
      serving = false;
    }
  }

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
      resume();
    }
  }

  @Override
  public void onWriteFailed(IOException cause) {
    gone(cause);
  }

  // ---- the end of streams ----

  /** A stream is closed. */
  void closed(Http2Stream stream, boolean byUs) {
    streams.remove(stream);
    streams.closed(stream.id(), byUs);
    if (streams.isEmpty()) {
      rearm();
      if (state == State.DRAINING) {
        loop.execute(this::endDraining);
      }
    }
  }

  private void failStream(Http2Exception e) throws Http2Exception {
    int id = e.stream();
    guard.reset();
    LOG.debug("stream {} of {}: {}", id, client.peer(), e.getMessage());
    Http2Stream stream = streams.get(id);
    if (stream == null) {
      out.reset(id, e.code());
      streams.closed(id, true);
    } else {
      stream.fail(e, e.code());
    }
  }

  private void tellStreams(Throwable cause) {
    for (Http2Stream stream : streams.all()) {
      stream.fail(cause, null);
    }
  }

  // ---- the end of the connection ----

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
      out.goAway(lastServed, ErrorCode.NO_ERROR);
      linger();
    }
  }

  private void fail(Http2Exception e) {
    LOG.debug("{}: {}", client.peer(), e.getMessage());
    if (!stopped()) {
      out.goAway(lastServed, e.code());
      tellStreams(e);
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
    timer.remove();
    out.free();
    tellStreams(cause);
    waiting.clear();
    open.closed(this);
    loop.counters().add(Counter.CLOSED);
    IoUtils.safeClose(connection);
  }

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

  private void beginDraining() {
    state = State.DRAINING;
    out.goAway(lastServed, ErrorCode.NO_ERROR);
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

  /** The proxy's patience is over. */
  @Override
  public void terminate() {
    gone(new EOFException("the proxy is shutting down"));
  }
}
