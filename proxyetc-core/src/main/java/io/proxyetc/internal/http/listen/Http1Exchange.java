package io.proxyetc.internal.http.listen;

import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.message.BodyConsumer;
import io.proxyetc.internal.http.message.BodyProgress;
import io.proxyetc.internal.http.message.Client;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.message.HeadSink;
import io.proxyetc.internal.http.wire.BodyDecoder;
import io.proxyetc.internal.http.wire.HeadWriter;
import io.proxyetc.internal.http.wire.Inlet;
import io.proxyetc.internal.http.wire.Outlet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;

/**
 * The request that an HTTP/1 connection is busy with, and how its response is framed. One object
 * serves all requests of the connection, one after the other.
 *
 * <pre>
 *   request:   begin --> [body] --> complete
 *   response:  none --response, commit--> head sent --end--> done.   Events are heard until then
 * </pre>
 */
final class Http1Exchange implements Downstream {
  private static final byte[] HTTP_1_1 = ascii("HTTP/1.1 ");
  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CLOSE = ascii("Connection: close\r\n");
  private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");

  private final Http1Connection connection;
  private final IoLoop loop;
  private final Client client;
  private final Inlet inlet;
  private final Outlet outlet;
  private final Head head;

  // All below belong to the IO thread.
  private @Nullable Events events;
  private @Nullable HeadWriter writer; // of the response head between response() and commit()
  private boolean persistent; // the connection outlives this exchange
  private boolean responded;
  private boolean responseDone;
  private boolean asked; // 100 Continue was sent, or not asked for
  private boolean pumped; // somebody has taken of the body, or tried to
  private boolean paused; // whoever takes the body is full
  private boolean endsByClose; // the response's body ends with the connection

  Http1Exchange(
      Http1Connection connection,
      IoLoop loop,
      Client client,
      Inlet inlet,
      Outlet outlet,
      Head head) {
    this.connection = connection;
    this.loop = loop;
    this.client = client;
    this.inlet = inlet;
    this.outlet = outlet;
    this.head = head;
  }

  // ---- for the connection ----

  /**
   * The head of another request is complete.
   *
   * @param mayPersist whether the connection may outlive it
   */
  void begin(boolean mayPersist) {
    reset();
    persistent =
        mayPersist && (head.minorVersion == 1 ? !head.close : head.keepAlive && !head.close);
    BodyDecoder decoder = inlet.decoder();
    if (head.chunked) {
      decoder.chunked();
    } else {
      decoder.length(Math.max(0, head.contentLength));
    }
    asked = !head.expectContinue || head.minorVersion == 0;
  }

  /** The head is refused: what follows it cannot be known. */
  void beginRefused() {
    reset();
    inlet.decoder().none();
    persistent = false;
  }

  private void reset() {
    responded = false;
    responseDone = false;
    paused = false;
  }

  boolean persistent() {
    return persistent;
  }

  boolean responseDone() {
    return responseDone;
  }

  boolean endsByClose() {
    return endsByClose;
  }

  /** More of the request's body can be read. Gives whether somebody was there to take it. */
  boolean onReadable() {
    pumped = false;
    if (events != null && !paused) {
      events.onBodyReadable();
    }
    return pumped;
  }

  /** Whether whoever takes the body is full, and will ask for more. */
  boolean paused() {
    return paused;
  }

  /** The client has taken all that was written. */
  void onDrained() {
    if (events != null) {
      events.onDrained();
    }
  }

  void onTimeout() {
    if (events != null && bodyPending()) {
      events.onBodyTimeout();
    } else if (responseDone) {
      abort();
    }
  }

  /** Who hears of the end, and of nothing from now on. */
  @Nullable Events silence() {
    Events told = events;
    events = null;
    return told;
  }

  // ---- the request ----

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
    pumped = true;
    BodyProgress progress = inlet.pump(consumer);
    paused = progress == BodyProgress.BLOCKED;
    connection.bodyAwaited(progress == BodyProgress.WAITING);
    if (!paused && !inlet.hasUnread()) {
      connection.resumeReads();
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

  // ---- the response ----

  @Override
  public HeadSink interim(int status) {
    return interim(status, new byte[0], 0, 0);
  }

  @Override
  public HeadSink interim(int status, byte[] reason, int from, int to) {
    return statusLine(status, reason, from, to);
  }

  private HeadWriter statusLine(int status, byte[] reason, int from, int to) {
    HeadWriter w = outlet.beginHead();
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
    begunHead().crlf();
    writer = null;
    outlet.endHead();
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
    if ((!asked && bodyPending()) || connection.closing()) {
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
    connection.onResponseEnd(outlet.flush());
  }

  @Override
  public void abort() {
    events = null;
    connection.abort();
  }

  @Override
  public StreamConnection upgrade() {
    return connection.handOver(); // which has no news any more, but that the proxy shuts down
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
