package io.proxyetc.internal.http.listen;

import io.proxyetc.internal.http.frames.ErrorCode;
import io.proxyetc.internal.http.frames.FrameOutlet;
import io.proxyetc.internal.http.frames.Frames;
import io.proxyetc.internal.http.frames.HpackWriter;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.loop.TimerWheel.Timer;
import io.proxyetc.internal.http.message.BodyConsumer;
import io.proxyetc.internal.http.message.BodyProgress;
import io.proxyetc.internal.http.message.Client;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.message.HeadSink;
import io.proxyetc.internal.http.wire.Trailers;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;

/**
 * One request and its response on an HTTP/2 connection.
 *
 * <pre>
 *   request:   body expected --END_STREAM--> ended
 *   response:  none --commit--> head sent --end--> [parked] --END_STREAM--> ended
 *   both ended: closed.   Response ended first: the rest of the body is discarded, within bounds.
 *   RST_STREAM by either, or a broken connection: closed at once.
 * </pre>
 */
final class Http2Stream implements Downstream, StreamTable.Numbered {
  /** What a client may send before the target takes it: what fits into one buffer. */
  static final int WINDOW = IoLoop.BUFFER;

  private static final int MAX_DISCARD = 256 * 1024;

  private final int id;
  private final Http2Connection connection;
  private final IoLoop loop;
  private final FrameOutlet out;
  private final Head head;
  private @Nullable Events events;
  private @Nullable Timer timer; // made when needed: most streams never wait
  private boolean closed;

  // The request's body.
  private boolean remoteEnded; // END_STREAM came
  private long received;
  private int receiveWindow = WINDOW;
  private int unreturned; // consumed bytes that the client's window was not yet given back
  private @Nullable ByteBuffer arriving; // bytes in the shared buffer, during one call
  private @Nullable ByteBuffer stored; // bytes that nobody wanted yet, ready to be appended to
  private @Nullable Head trailers;
  private long discarded;
  private boolean paused; // whoever takes the body is full
  private boolean asked; // 100 Continue was sent, or not asked for

  // The response.
  private long sendWindow;
  private long left = UNKNOWN; // bytes of the body still to come, where that is known
  private long written;
  private @Nullable HpackWriter writer; // of the head between response() and commit()
  private boolean responded;
  private boolean responseEnded; // end() was called
  private boolean localEnded; // END_STREAM was sent
  private @Nullable Head responseTrailers;
  private final ArrayDeque<ByteBuffer> parked = new ArrayDeque<>(1);
  boolean queued; // stands in the connection's queue for its window
  private boolean starved; // waits for a window or for the socket

  Http2Stream(
      int id, Http2Connection connection, FrameOutlet out, Head head, boolean ended, long window) {
    this.id = id;
    this.connection = connection;
    this.loop = connection.loop();
    this.out = out;
    this.head = head;
    this.remoteEnded = ended;
    this.sendWindow = window;
    this.asked = !head.expectContinue;
  }

  @Override
  public int id() {
    return id;
  }

  boolean closed() {
    return closed;
  }

  boolean remoteEnded() {
    return remoteEnded;
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
    return connection.client();
  }

  @Override
  public void listen(Events newEvents) {
    events = newEvents;
  }

  @Override
  public boolean bodyPending() {
    return !remoteEnded || buffered();
  }

  private boolean buffered() {
    return stored != null && stored.position() > 0 || arriving != null && arriving.hasRemaining();
  }

  @Override
  public @Nullable Head requestTrailers() {
    return trailers;
  }

  /** Takes note of a frame of DATA; gives false if it is larger than the window. */
  boolean fits(int size) {
    receiveWindow -= size;
    return receiveWindow >= 0;
  }

  /**
   * Bytes of the body; gives what is wrong with their number.
   *
   * @param last whether END_STREAM comes with them
   */
  @Nullable String data(byte[] bytes, int from, int length, boolean last) {
    received += length;
    long stated = head.contentLength;
    if (stated >= 0 && (received > stated || (last && received < stated))) {
      consumed(length);
      return "the body is not as long as its Content-Length";
    }
    remoteEnded = last;
    if (responseEnded) {
      discard(length);
      return null;
    }
    ByteBuffer piece = ByteBuffer.wrap(bytes, from, length);
    arriving = piece;
    tellReadable();
    arriving = null;
    if (piece.hasRemaining()) {
      if (closed || responseEnded) {
        consumed(piece.remaining());
      } else {
        store(piece);
      }
    }
    return null;
  }

  /** The end of the body, without further bytes. Gives what is wrong with it. */
  @Nullable String ended(@Nullable Head withTrailers) {
    if (head.contentLength >= 0 && received < head.contentLength) {
      return "the body is not as long as its Content-Length";
    }
    trailers = withTrailers;
    remoteEnded = true;
    if (responseEnded) {
      discard(0);
    } else {
      tellReadable();
    }
    return null;
  }

  private void tellReadable() {
    if (!paused && events != null) {
      events.onBodyReadable();
    }
  }

  /** Bytes that the target does not take yet: never more than the window. */
  private void store(ByteBuffer piece) {
    ByteBuffer store = stored;
    if (store == null) {
      if (loop.budget().exhausted()) {
        consumed(piece.remaining());
        fail(new IOException("no memory for the body"), ErrorCode.ENHANCE_YOUR_CALM);
        return;
      }
      store = loop.take();
      stored = store;
    }
    store.put(piece);
  }

  @Override
  public BodyProgress pump(BodyConsumer consumer) throws EOFException {
    for (; ; ) {
      if (closed) {
        throw new EOFException("the stream is closed");
      }
      if (!buffered()) {
        free();
        paused = false;
        if (remoteEnded) {
          cancelTimer();
          return BodyProgress.DONE;
        }
        timer().set(connection.limits().bodyTimeout().toNanos());
        return BodyProgress.WAITING;
      }
      paused = consumer.blocked();
      if (paused) {
        cancelTimer();
        return BodyProgress.BLOCKED;
      }
      give(consumer);
    }
  }

  private void give(BodyConsumer consumer) throws EOFException {
    ByteBuffer store = stored;
    ByteBuffer piece = arriving;
    boolean fromStore = store != null && store.position() > 0;
    if (store != null && fromStore) {
      piece = store.flip();
    }
    if (piece == null) {
      return;
    }
    int before = piece.remaining();
    try {
      consumer.piece(piece, false);
    } catch (IOException e) {
      throw new EOFException(String.valueOf(e.getMessage()));
    }
    int taken = before - piece.remaining();
    if (fromStore && stored == store) {
      piece.compact();
    }
    consumed(taken);
  }

  /** Gives the client window back for bytes that were taken. */
  private void consumed(int bytes) {
    connection.consumed(bytes);
    returnWindow(bytes);
  }

  /** The same for what is no body: padding. */
  void returnWindow(int bytes) {
    unreturned += bytes;
    if (!remoteEnded && !closed && unreturned >= WINDOW / 2) {
      out.windowUpdate(id, unreturned);
      receiveWindow += unreturned;
      unreturned = 0;
    }
  }

  private void discard(int bytes) {
    consumed(bytes);
    discarded += bytes;
    if (localEnded && remoteEnded) {
      close(false);
    } else if (localEnded && discarded > MAX_DISCARD) {
      reset(ErrorCode.NO_ERROR); // complete, and the rest is not wanted (RFC 9113, section 8.1)
    }
  }

  @Override
  public void closeAfterwards() {
    // Streams end apart from each other: the others go on.
  }

  @Override
  public void askForBody() {
    if (!asked && !closed) {
      asked = true;
      HpackWriter w = connection.hpack();
      w.begin(100);
      out.headers(id, w.bytes(), w.length(), false);
    }
  }

  // ---- the response ----

  @Override
  public HeadSink interim(int status) {
    HpackWriter w = connection.hpack();
    w.begin(status);
    writer = w;
    return w;
  }

  @Override
  public void commitInterim() {
    sendHead(false);
  }

  @Override
  public HeadSink response(int status, byte[] reason, int from, int to) {
    responded = true;
    return interim(status);
  }

  @Override
  public void commit(long length, boolean body) {
    HpackWriter w = writer;
    if (w != null && length != UNKNOWN) {
      w.contentLength(length);
    }
    localEnded = !body || length == 0;
    left = body ? length : 0;
    sendHead(localEnded);
  }

  private void sendHead(boolean endStream) {
    HpackWriter w = writer;
    if (w == null) {
      throw new IllegalStateException("no head was begun");
    }
    writer = null;
    out.headers(id, w.bytes(), w.length(), endStream); // in any case: the table knows its fields
  }

  @Override
  public boolean responded() {
    return responded;
  }

  @Override
  public void piece(ByteBuffer piece, boolean whole) {
    if (closed || localEnded) {
      piece.position(piece.limit());
      return;
    }
    if (parked.isEmpty()) {
      send(piece);
    }
    if (piece.hasRemaining()) {
      park(piece, whole);
    }
  }

  /** Sends as much as windows and the socket allow. */
  private void send(ByteBuffer piece) {
    while (piece.hasRemaining() && sendFrame(piece)) {}
  }

  private boolean sendFrame(ByteBuffer piece) {
    int n = (int) Math.min(piece.remaining(), Math.min(sendWindow, connection.sendable()));
    if (n <= 0) {
      return false;
    }
    n = Math.min(n, Frames.MAX_PAYLOAD);
    if (left != UNKNOWN) {
      left -= n;
      localEnded = left == 0;
    }
    sendWindow -= n;
    written += n;
    connection.sent(n);
    out.data(id, piece, n, localEnded);
    return true;
  }

  private void park(ByteBuffer piece, boolean whole) {
    starve();
    if (whole) {
      parked.add(loop.takeReadBuffer());
      return;
    }
    while (piece.hasRemaining()) {
      ByteBuffer own = loop.take();
      int n = Math.min(own.remaining(), piece.remaining());
      int end = piece.limit();
      piece.limit(piece.position() + n);
      own.put(piece).flip();
      piece.limit(end);
      parked.add(own);
    }
  }

  /** Waits until it may send again. */
  private void starve() {
    starved = true;
    connection.await(this);
  }

  @Override
  public boolean blocked() {
    boolean none = !parked.isEmpty() || sendWindow <= 0 || connection.sendable() <= 0;
    if (none && !closed && !localEnded) {
      starve();
      return true;
    }
    return false;
  }

  @Override
  public boolean flush() {
    return !blocked(); // what was written leaves at the end of this turn of the loop
  }

  /** The connection has room, and it is this stream's turn: one frame, so that all advance. */
  void onTurn() {
    if (closed || !starved || sendWindow <= 0) {
      return; // its window will bring it back
    }
    ByteBuffer first = parked.peek();
    if (first != null) {
      sendFrame(first);
      if (first.hasRemaining()) {
        connection.await(this);
        return;
      }
      loop.free(parked.remove());
      if (!parked.isEmpty()) {
        connection.await(this);
        return;
      }
    }
    starved = false;
    if (responseEnded) {
      finish();
    } else if (events != null) {
      events.onDrained();
    }
  }

  /** The client opens the window of this stream; gives false if that is more than there may be. */
  boolean widen(long bytes) {
    sendWindow += bytes;
    if (sendWindow > Integer.MAX_VALUE) {
      return false;
    }
    if (starved && sendWindow > 0) {
      if (responseEnded) {
        timer().set(connection.limits().keepAlive().toNanos());
      }
      connection.await(this);
    }
    return true;
  }

  @Override
  public void end(@Nullable Head withTrailers) {
    if (closed) {
      return;
    }
    responseEnded = true;
    events = null;
    responseTrailers = withTrailers;
    if (parked.isEmpty()) {
      finish();
    } else {
      timer().set(connection.limits().keepAlive().toNanos());
    }
  }

  private void finish() {
    loop.counters().add(Counter.BYTES_OUT, written);
    if (!localEnded) {
      localEnded = true;
      sendEnd();
    }
    if (remoteEnded) {
      close(false);
      return;
    }
    ByteBuffer unwanted = stored;
    if (unwanted != null) {
      stored = null;
      loop.free(unwanted);
      discard(unwanted.position());
    }
    if (!closed) {
      timer().set(connection.limits().bodyTimeout().toNanos());
    }
  }

  private void sendEnd() {
    Head last = responseTrailers;
    if (last == null) {
      out.endStream(id);
      return;
    }
    HpackWriter w = connection.hpack();
    w.begin();
    for (int i = 0; i < last.count(); i++) {
      if (Trailers.allowed(last, i)) {
        w.field(last, i);
      }
    }
    out.headers(id, w.bytes(), w.length(), true);
  }

  // ---- the end ----

  @Override
  public void abort() {
    if (closed) {
      return;
    }
    if (writer != null) {
      sendHead(false);
    }
    reset(localEnded ? ErrorCode.NO_ERROR : ErrorCode.INTERNAL_ERROR);
  }

  /** Tells the client that this stream ends here. */
  private void reset(ErrorCode code) {
    out.reset(id, code);
    close(true);
  }

  /** The client broke a rule, or gave the stream up: whoever handles the request hears. */
  void fail(Throwable cause, @Nullable ErrorCode code) {
    Events told = events;
    if (code != null) {
      out.reset(id, code);
    }
    close(code != null);
    if (told != null) {
      told.onGone(cause);
    }
  }

  private void close(boolean byUs) {
    if (closed) {
      return;
    }
    closed = true;
    events = null;
    Timer present = timer;
    if (present != null) {
      present.remove();
    }
    int unread = stored == null ? 0 : stored.position();
    free();
    for (ByteBuffer buffer = parked.poll(); buffer != null; buffer = parked.poll()) {
      loop.free(buffer);
    }
    connection.closed(this, byUs);
    connection.consumed(unread);
  }

  private void free() {
    ByteBuffer store = stored;
    if (store != null) {
      stored = null;
      loop.free(store);
    }
  }

  private Timer timer() {
    Timer present = timer;
    if (present == null) {
      present = loop.wheel().timer(this::onTimeout);
      timer = present;
    }
    return present;
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
    }
  }

  private void onTimeout() {
    if (responseEnded) {
      reset(localEnded ? ErrorCode.NO_ERROR : ErrorCode.CANCEL);
    } else if (events != null && bodyPending()) {
      events.onBodyTimeout();
    }
  }

  @Override
  public @Nullable StreamConnection upgrade() {
    return null;
  }
}
