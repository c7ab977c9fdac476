package io.proxyetc.internal.http.listen;

import io.proxyetc.Limits;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.loop.TimerWheel.Timer;
import io.proxyetc.internal.http.loop.TlsServerSide;
import io.proxyetc.internal.http.message.BodyConsumer;
import io.proxyetc.internal.http.message.BodyProgress;
import io.proxyetc.internal.http.message.Client;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.message.HeadSink;
import io.proxyetc.internal.http.wire.BodyDecoder;
import io.proxyetc.internal.http.wire.HeadParser;
import io.proxyetc.internal.http.wire.HeadWriter;
import io.proxyetc.internal.http.wire.Inlet;
import io.proxyetc.internal.http.wire.Outlet;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * A client's HTTP/1 connection, one request after the other. Reads stay armed while a request runs,
 * so that a client that goes away is noticed at once; only bytes that come too early suspend them.
 *
 * <pre>{@code
 *            first byte          head complete
 * WAITING ---------------> HEAD ---------------> BUSY --both sides complete--> WAITING
 *    |                      |                     |  \
 *    | idle, closed         | fault: refuse       |   response complete, body is not
 *    v                      v                     v    v
 *  CLOSED <-------------- LINGER <------------- close  DRAIN --> WAITING or LINGER
 *                                      BUSY --101--> UPGRADED (the connection is somebody else's)
 * }</pre>
 */
final class Http1Connection
    implements Downstream,
        Outlet.Owner,
        OpenConnections.Closable,
        ChannelListener<ConduitStreamSourceChannel> {
  private static final Logger LOG = LoggerFactory.getLogger(Http1Connection.class);
  private static final int MAX_DRAIN = 256 * 1024;
  private static final int MAX_LINGER = 1024 * 1024;
  private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final byte[] HTTP_1_1 = ascii("HTTP/1.1 ");
  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");

  private enum State {
    WAITING,
    HEAD,
    BUSY,
    DRAIN,
    LINGER,
    UPGRADED,
    CLOSED
  }

  private final StreamConnection connection;
  private final ConduitStreamSourceChannel source;
  private final IoLoop loop;
  private final Client client;
  private final Limits limits;
  private final Handler handler;
  private final OpenConnections open;
  private final Inlet inlet;
  private final Outlet outlet;
  private final HeadParser parser;
  private final Head head = new Head();
  private final Timer timer;

  // All below belong to the IO thread.
  private State state = State.WAITING;
  private @Nullable Events events;
  private @Nullable HeadWriter writer; // of the response head between response() and commit()
  private boolean readingHead; // readHead is on the stack
  private boolean again; // readHead is to go round again
  private boolean persistent; // the connection outlives this exchange
  private boolean closing; // the proxy is shutting down
  private boolean responded;
  private boolean responseDone;
  private boolean asked; // 100 Continue was sent, or not asked for
  private boolean paused; // whoever takes the body is full
  private long drained;
  private long lingered;
  private boolean aborted; // the client is not to take the end for an orderly one
  private boolean endsByClose; // the response's body ends with the connection

  Http1Connection(
      StreamConnection connection,
      IoLoop loop,
      Client client,
      Limits limits,
      Handler handler,
      OpenConnections open) {
    this.connection = connection;
    this.source = connection.getSourceChannel();
    this.loop = loop;
    this.client = client;
    this.limits = limits;
    this.handler = handler;
    this.open = open;
    this.inlet = new Inlet(loop, source, !client.secure());
    this.outlet = new Outlet(loop, connection.getSinkChannel(), this);
    this.parser =
        new HeadParser(
            HeadParser.Kind.REQUEST, limits.maxRequestLine(), limits.maxHead(), limits.maxFields());
    this.timer = loop.wheel().timer(this::onTimeout);
  }

  /** Begins to read. */
  void start() {
    source.setReadListener(this);
    source.setCloseListener(c -> {});
    parser.begin(head);
    timer.set(limits.headTimeout().toNanos());
    source.resumeReads();
    handleEvent(source);
  }

  // ---- reading ----

  @Override
  public void handleEvent(ConduitStreamSourceChannel readable) {
    try {
      inlet.readable();
      switch (state) {
        case WAITING, HEAD -> readHead();
        case BUSY -> readWhileBusy();
        case DRAIN -> drain();
        case LINGER -> linger();
        case UPGRADED, CLOSED -> readable.suspendReads();
      }
    } catch (IOException e) {
      gone(e);
    } catch (RuntimeException | Error e) {
      LOG.error("a connection from {} failed inside the proxy", client.peer(), e);
      gone(e);
    }
  }

  private void readHead() throws IOException {
    if (readingHead) {
      again = true;
      return;
    }
    readingHead = true;
    try {
      do {
        again = false;
        readOneHead();
      } while (again && (state == State.WAITING || state == State.HEAD));
    } finally {
      readingHead = false;
    }
  }

  private void readOneHead() throws IOException {
    int end = inlet.head(parser, head);
    if (end == HeadParser.MORE) {
      if (head.length > 0 && state == State.WAITING) {
        state = State.HEAD;
        timer.set(limits.headTimeout().toNanos());
      }
    } else if (end == Inlet.CLOSED) {
      close();
    } else if (end == HeadParser.FAULT) {
      refuse(parser.fault().status(), parser.fault().text());
    } else {
      begin();
    }
  }

  private void begin() {
    beginExchange();
    persistent = !closing && (head.minorVersion == 1 ? !head.close : head.keepAlive && !head.close);
    BodyDecoder decoder = inlet.decoder();
    if (head.chunked) {
      decoder.chunked();
    } else {
      decoder.length(Math.max(0, head.contentLength));
    }
    asked = !head.expectContinue || head.minorVersion == 0;
    if (limits.maxBody() > 0 && head.contentLength > limits.maxBody()) {
      refuseBegun(413, "the body is larger than " + limits.maxBody() + " bytes");
    } else {
      handler.handle(this);
    }
  }

  private void beginExchange() {
    state = State.BUSY;
    timer.cancel();
    responded = false;
    responseDone = false;
    paused = false;
    drained = 0;
  }

  private void refuse(int status, String text) {
    beginExchange();
    inlet.decoder().none();
    refuseBegun(status, text);
  }

  private void refuseBegun(int status, String text) {
    persistent = false;
    handler.refuse(this, status, text);
  }

  private void readWhileBusy() throws IOException {
    if (bodyPending()) {
      if (paused) {
        source.suspendReads();
      } else if (events != null) {
        events.onBodyReadable();
      }
      return;
    }
    // Either the client goes away, or it sends its next request in advance.
    int n = inlet.peek();
    if (n < 0) {
      gone(new EOFException("the client closed the connection"));
    } else if (n == 0) {
      source.suspendReads();
    }
  }

  // ---- the exchange: request ----

  @Override
  public IoLoop loop() {
    return loop;
  }

  @Override
  public Head request() {
    return head;
  }

  @Override
  public Client client() {
    return client;
  }

  @Override
  public void listen(Events newEvents) {
    events = newEvents;
  }

  @Override
  public boolean bodyPending() {
    return !inlet.decoder().done();
  }

  @Override
  public @Nullable Head requestTrailers() {
    return inlet.decoder().trailers();
  }

  @Override
  public BodyProgress pump(BodyConsumer consumer) throws IOException {
    BodyProgress progress = inlet.pump(consumer);
    paused = progress == BodyProgress.BLOCKED;
    if (progress == BodyProgress.WAITING) {
      timer.set(limits.bodyTimeout().toNanos());
    } else {
      timer.cancel();
    }
    if (!paused && !inlet.hasUnread()) {
      source.resumeReads();
    }
    return progress;
  }

  @Override
  public void closeAfterwards() {
    persistent = false;
  }

  @Override
  public void askForBody() throws IOException {
    if (!asked) {
      asked = true;
      outlet.head(CONTINUE, 0, CONTINUE.length);
      outlet.flush();
    }
  }

  // ---- the exchange: response ----

  @Override
  public HeadSink interim(int status) {
    return statusLine(status, new byte[0], 0, 0);
  }

  private HeadWriter statusLine(int status, byte[] reason, int from, int to) {
    HeadWriter w = new HeadWriter(loop.scratch());
    w.raw(HTTP_1_1);
    w.number(status);
    w.raw(' ');
    w.raw(reason, from, to);
    w.crlf();
    writer = w;
    return w;
  }

  @Override
  public void commitInterim() throws IOException {
    if (head.minorVersion == 0) {
      writer = null; // a 1.0 client knows no interim responses (RFC 9110, section 15.2)
      return;
    }
    endHead();
    outlet.flush();
  }

  private void endHead() throws IOException {
    HeadWriter w = begunHead();
    w.crlf();
    writer = null;
    outlet.head(w.bytes(), 0, w.length());
  }

  private HeadWriter begunHead() {
    HeadWriter w = writer;
    if (w == null) {
      throw new IllegalStateException("no head was begun");
    }
    return w;
  }

  @Override
  public HeadSink response(int status, byte[] reason, int from, int to) {
    responded = true;
    return statusLine(status, reason, from, to);
  }

  @Override
  public void commit(long length, boolean body) throws IOException {
    HeadWriter w = begunHead();
    boolean chunked = body && length == UNKNOWN && head.minorVersion == 1;
    if (length != UNKNOWN) {
      w.raw(CONTENT_LENGTH);
      w.number(length);
      w.crlf();
    } else if (chunked) {
      w.raw(CHUNKED);
    } else if (body) {
      persistent = false;
      endsByClose = true;
    }
    if ((!asked && bodyPending()) || closing) {
      persistent = false; // whether the body still comes cannot be known (RFC 9110, section 10.1.1)
    }
    if (!persistent) {
      w.raw(CLOSE);
    } else if (head.minorVersion == 0) {
      w.raw(KEEP_ALIVE);
    }
    endHead();
    outlet.framing(chunked);
  }

  @Override
  public boolean responded() {
    return responded;
  }

  @Override
  public void piece(ByteBuffer piece, boolean whole) throws IOException {
    outlet.piece(piece, whole);
  }

  @Override
  public boolean blocked() {
    return outlet.blocked();
  }

  @Override
  public boolean flush() throws IOException {
    return outlet.flush();
  }

  @Override
  public void end(@Nullable Head trailers) throws IOException {
    outlet.end(trailers);
    responseDone = true;
    events = null;
    loop.counters().add(Counter.BYTES_OUT, outlet.written());
    if (outlet.flush()) {
      afterResponse();
    } else {
      timer.set(limits.keepAlive().toNanos());
    }
  }

  @Override
  public void onDrained() {
    if (state == State.LINGER) {
      shutdownWrites();
    } else if (responseDone && state == State.BUSY) {
      try {
        afterResponse();
      } catch (IOException e) {
        gone(e);
      }
    } else if (events != null) {
      events.onDrained();
    }
  }

  private void afterResponse() throws IOException {
    if (!persistent) {
      beginLinger();
    } else if (bodyPending()) {
      state = State.DRAIN;
      timer.set(limits.bodyTimeout().toNanos());
      drain();
    } else {
      next();
    }
  }

  /** Ready for the next request, which may be here already. */
  private void next() throws IOException {
    state = State.WAITING;
    if (closing) {
      close();
      return;
    }
    boolean here = inlet.hasUnread();
    if (!here) {
      inlet.free();
      head.shrink();
    }
    parser.begin(head);
    timer.set(limits.keepAlive().toNanos());
    source.resumeReads();
    if (here) {
      readHead();
    }
  }

  // ---- the end ----

  /** The rest of a body that nobody wants, within bounds. */
  private void drain() throws IOException {
    if (head.contentLength > MAX_DRAIN) {
      beginLinger();
      return;
    }
    BodyProgress progress = inlet.pump(new Discard());
    if (progress == BodyProgress.DONE) {
      next();
    } else if (drained > MAX_DRAIN) {
      beginLinger();
    } else {
      source.resumeReads();
    }
  }

  private final class Discard implements BodyConsumer {
    @Override
    public void piece(ByteBuffer piece, boolean whole) {
      drained += piece.remaining();
      piece.position(piece.limit());
    }

    @Override
    public boolean blocked() {
      return drained > MAX_DRAIN;
    }
  }

  /**
   * Closes the writing half and reads on for a while: a socket closed with unread bytes would
   * reset, and the client lose the answer (RFC 9112, section 9.6).
   */
  private void beginLinger() {
    state = State.LINGER;
    timer.set(LINGER_NANOS);
    if (!outlet.blocked()) {
      shutdownWrites();
    }
    source.resumeReads();
  }

  private void shutdownWrites() {
    try {
      connection.getSinkChannel().shutdownWrites();
      connection.getSinkChannel().flush();
      linger();
    } catch (IOException e) {
      close();
    }
  }

  private void linger() throws IOException {
    inlet.free();
    for (int n = inlet.fill(); n != 0; n = inlet.fill()) {
      lingered += n;
      if (n < 0 || lingered > MAX_LINGER) {
        close();
        return;
      }
      inlet.free();
    }
  }

  private void onTimeout() {
    switch (state) {
      case HEAD -> refuse(408, "the request did not come in time");
      case BUSY -> {
        if (events != null && bodyPending()) {
          events.onBodyTimeout();
        } else if (responseDone) {
          abort();
        }
      }
      default -> close();
    }
  }

  @Override
  public void onWriteFailed(IOException cause) {
    gone(cause);
  }

  private void gone(Throwable cause) {
    Events told = events;
    events = null;
    close();
    if (told != null) {
      told.onGone(cause);
    }
  }

  @Override
  public void abort() {
    events = null;
    aborted = true;
    try {
      if (responded && !endsByClose) {
        outlet.flush(); // what there is: the framing tells that it is not all
      }
      connection.setOption(Options.CLOSE_ABORT, endsByClose);
    } catch (IOException e) {
      LOG.debug("cannot reset {}", client.peer(), e);
    }
    close();
  }

  private void close() {
    if (state == State.CLOSED) {
      return;
    }
    boolean ours = state != State.UPGRADED;
    state = State.CLOSED;
    timer.remove();
    inlet.free();
    outlet.free();
    loop.counters().add(Counter.CLOSED);
    if (ours && aborted) {
      TlsServerSide.abort(connection);
    } else if (ours) {
      IoUtils.safeClose(connection);
    }
    open.closed(this); // last: when all are, a proxy that shuts down ends the threads
  }

  @Override
  public @Nullable StreamConnection upgrade() {
    byte[] unread = inlet.takeUnread();
    timer.remove();
    events = null;
    state = State.UPGRADED;
    source.setReadListener(null);
    source.suspendReads();
    if (unread != null) {
      source.setConduit(new PushBackConduit(source.getConduit(), ByteBuffer.wrap(unread)));
    }
    connection.setCloseListener(c -> loop.execute(this::close));
    return connection;
  }

  /** The proxy is shutting down: closes when idle, else after the present exchange. */
  @Override
  public void shutdown() {
    closing = true;
    if (state == State.WAITING && head.length == 0) {
      close();
    }
  }

  /** The proxy's patience is over. */
  @Override
  public void terminate() {
    if (state == State.UPGRADED) {
      IoUtils.safeClose(connection);
    }
    gone(new EOFException("the proxy is shutting down"));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
