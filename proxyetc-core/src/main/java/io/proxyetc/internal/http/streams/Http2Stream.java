package io.proxyetc.internal.http.streams;

import io.proxyetc.internal.http.frames.ErrorCode;
import io.proxyetc.internal.http.frames.FrameOutlet;
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
  private final int id;
  private final Streams streams;
  private final IoLoop loop;
  private final FrameOutlet out;
  private final Head head;
  private final RequestBody requestBody;
  private final ResponseBody responseBody;
  private @Nullable Events events;
  private @Nullable Timer timer; // made when needed: most streams never wait
  private @Nullable HpackWriter writer; // of the head between response() and commit()
  private boolean asked; // 100 Continue was sent, or not asked for
  private boolean responded;
  private boolean responseEnded; // end() was called
  private @Nullable Head responseTrailers;
  private boolean closed;

  /**
   * @param ended whether the request has no body
   * @param window what the client takes of the response before it says more
   */
  Http2Stream(int id, Streams streams, FrameOutlet out, Head head, boolean ended, long window) {
    this.id = id;
    this.streams = streams;
    this.loop = streams.loop();
    this.out = out;
    this.head = head;
    this.asked = !head.expectContinue;
    ReceiveWindow own = new ReceiveWindow(out, id, RequestBody.WINDOW, RequestBody.WINDOW / 2);
    this.requestBody = new RequestBody(this, ended, own, streams.receiveWindow());
    this.responseBody = new ResponseBody(this, out, streams.turns(), window);
  }

  @Override
  public int id() {
    return id;
  }

  boolean closed() {
    return closed;
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
    return streams.client();
  }

  @Override
  public void listen(Events newEvents) {
    events = newEvents;
  }

  /** Where DATA for this stream goes. */
  RequestBody requestBody() {
    return requestBody;
  }

  @Override
  public boolean bodyPending() {
    return requestBody.pending();
  }

  @Override
  public @Nullable Head requestTrailers() {
    return requestBody.trailers();
  }

  void onBodyReadable() {
    if (events != null) {
      events.onBodyReadable();
    }
  }

  @Override
  public BodyProgress pump(BodyConsumer consumer) throws EOFException {
    BodyProgress progress = requestBody.pump(consumer);
    if (progress == BodyProgress.WAITING) {
      timer().set(streams.limits().bodyTimeout().toNanos());
    } else if (timer != null) {
      timer.cancel();
    }
    return progress;
  }

  void onNoMemory() {
    fail(new IOException("no memory for the body"), ErrorCode.ENHANCE_YOUR_CALM);
  }

  /**
   * Some of the body was thrown away.
   *
   * @param complete whether that was all of it; else there is more than one should have to take
   */
  void onDiscarded(boolean complete) {
    if (responseBody.ended()) {
      if (complete) {
        close(false);
      } else {
        reset(ErrorCode.NO_ERROR); // answered, and the rest not wanted (RFC 9113, section 8.1)
      }
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
      HpackWriter w = streams.hpack();
      w.begin(100);
      out.headers(id, w.bytes(), w.length(), false);
    }
  }

  // ---- the response ----

  @Override
  public HeadSink interim(int status) {
    HpackWriter w = streams.hpack();
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
    responseBody.begin(length, body);
    sendHead(responseBody.ended());
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
    responseBody.piece(piece, whole);
  }

  @Override
  public boolean blocked() {
    return responseBody.blocked();
  }

  @Override
  public boolean flush() {
    return !blocked(); // what was written leaves at the end of this turn of the loop
  }

  /** All of the response that came is sent, after it had to wait. */
  void onSent() {
    if (responseEnded) {
      finish();
    } else if (events != null) {
      events.onDrained();
    }
  }

  /** The client opens the window of this stream; gives false if that is more than there may be. */
  boolean widen(long bytes) {
    return responseBody.widen(bytes);
  }

  /** The client takes more of a response that waited for it. */
  void onWindow() {
    if (responseEnded) {
      timer().set(streams.limits().keepAlive().toNanos());
    }
  }

  @Override
  public void end(@Nullable Head withTrailers) {
    if (closed) {
      return;
    }
    responseEnded = true;
    events = null;
    responseTrailers = withTrailers;
    if (responseBody.sent()) {
      finish();
    } else {
      requestBody.discard();
      timer().set(streams.limits().keepAlive().toNanos());
    }
  }

  private void finish() {
    loop.counters().add(Counter.BYTES_OUT, responseBody.written());
    if (!responseBody.ended()) {
      responseBody.end();
      sendEnd();
    }
    if (requestBody.ended()) {
      close(false);
      return;
    }
    requestBody.discard();
    if (!closed) {
      timer().set(streams.limits().bodyTimeout().toNanos());
    }
  }

  private void sendEnd() {
    Head last = responseTrailers;
    if (last == null) {
      out.endStream(id);
      return;
    }
    HpackWriter w = streams.hpack();
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
    reset(responseBody.ended() ? ErrorCode.NO_ERROR : ErrorCode.INTERNAL_ERROR);
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
    responseBody.free();
    requestBody.free();
    streams.closed(this, byUs);
  }

  private Timer timer() {
    Timer present = timer;
    if (present == null) {
      present = loop.wheel().timer(this::onTimeout);
      timer = present;
    }
    return present;
  }

  private void onTimeout() {
    if (responseEnded) {
      reset(responseBody.ended() ? ErrorCode.NO_ERROR : ErrorCode.CANCEL);
    } else if (events != null && bodyPending()) {
      events.onBodyTimeout();
    }
  }

  @Override
  public @Nullable StreamConnection upgrade() {
    return null;
  }
}
