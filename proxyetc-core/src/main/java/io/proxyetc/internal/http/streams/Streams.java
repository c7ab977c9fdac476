package io.proxyetc.internal.http.streams;

import io.proxyetc.Limits;
import io.proxyetc.internal.http.frames.ErrorCode;
import io.proxyetc.internal.http.frames.FloodGuard;
import io.proxyetc.internal.http.frames.FrameOutlet;
import io.proxyetc.internal.http.frames.Frames;
import io.proxyetc.internal.http.frames.HpackWriter;
import io.proxyetc.internal.http.frames.Http2Exception;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.message.Client;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.wire.HeadFault;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams of one connection: header blocks begin them and end their bodies, and what is wrong
 * with one of them ends just that one. Holds what they share.
 */
final class Streams {
  private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

  /** What all bodies of a connection may occupy before targets take them. */
  static final int WINDOW = 1 << 20;

  private final Http2Connection connection;
  private final IoLoop loop;
  private final Client client;
  private final Limits limits;
  private final Downstream.Handler handler;
  private final FrameOutlet out;
  private final FloodGuard guard;
  private final HpackWriter hpack;
  private final SendTurns turns;
  private final ReceiveWindow receiveWindow;
  private final StreamTable<Http2Stream> table = new StreamTable<>();

  // All below belong to the IO thread.
  private int last; // the highest number of a request
  private int lastServed; // the same of those that were not turned away
  private boolean closing; // requests that still come are turned away
  private int initialWindow = Frames.DEFAULT_WINDOW; // of the client's streams

  Streams(
      Http2Connection connection,
      IoLoop loop,
      Client client,
      Limits limits,
      Downstream.Handler handler,
      FrameOutlet out,
      FloodGuard guard,
      HpackWriter hpack) {
    this.connection = connection;
    this.loop = loop;
    this.client = client;
    this.limits = limits;
    this.handler = handler;
    this.out = out;
    this.guard = guard;
    this.hpack = hpack;
    this.turns = new SendTurns(out);
    this.receiveWindow = new ReceiveWindow(out, 0, WINDOW, WINDOW / 4);
  }

  // ---- what streams share ----

  IoLoop loop() {
    return loop;
  }

  Client client() {
    return client;
  }

  Limits limits() {
    return limits;
  }

  /** Writes heads: one at a time, and whatever was begun must be sent. */
  HpackWriter hpack() {
    return hpack;
  }

  SendTurns turns() {
    return turns;
  }

  ReceiveWindow receiveWindow() {
    return receiveWindow;
  }

  // ---- which there are ----

  boolean isEmpty() {
    return table.isEmpty();
  }

  /** The highest number of a request that is or was served. */
  int lastServed() {
    return lastServed;
  }

  /** The open stream of this number. */
  @Nullable Http2Stream get(int id) {
    return table.get(id);
  }

  /** Whether a client may have begun a stream of this number. */
  boolean begun(int id) {
    return id > 0 && id <= last && (id & 1) == 1;
  }

  /** From now on requests are turned away: the client was told which was the last. */
  void refuseNew() {
    closing = true;
  }

  /**
   * A frame for a stream that was open once.
   *
   * @throws Http2Exception unless it may have been under way when the stream was reset, or turned
   *     away
   */
  void late(int id, String frame) throws Http2Exception {
    if (table.resetLately(id) || closing) {
      return;
    }
    throw Http2Exception.connection(
        table.closedLately(id) ? ErrorCode.STREAM_CLOSED : ErrorCode.PROTOCOL_ERROR,
        frame + " for a closed stream");
  }

  // ---- header blocks ----

  /** A header block is complete: a request, or the trailers of one. */
  void block(HeaderBlocks blocks) throws Http2Exception {
    int id = blocks.stream();
    Http2Stream stream = table.get(id);
    if (stream != null) {
      trailers(stream, blocks);
    } else if (id > last) {
      request(id, blocks);
    } else {
      blocks.skip();
      late(id, "HEADERS");
    }
  }

  private static void trailers(Http2Stream stream, HeaderBlocks blocks) throws Http2Exception {
    Head trailers = blocks.trailers();
    RequestBody body = stream.requestBody();
    if (body.ended()) {
      throw Http2Exception.stream(stream.id(), ErrorCode.STREAM_CLOSED, "HEADERS behind the end");
    }
    String malformed = blocks.malformed();
    if (malformed == null && !blocks.endStream()) {
      malformed = "trailers that are not the end";
    }
    if (malformed == null) {
      malformed = body.ended(trailers.count() == 0 ? null : trailers);
    }
    if (malformed != null) {
      throw malformed(stream.id(), malformed);
    }
  }

  private static Http2Exception malformed(int id, String why) {
    return Http2Exception.stream(id, ErrorCode.PROTOCOL_ERROR, why);
  }

  private void request(int id, HeaderBlocks blocks) throws Http2Exception {
    last = id;
    if (closing) {
      blocks.skip();
      return;
    }
    lastServed = id;
    Head head = new Head();
    HeadFault fault = blocks.request(head);
    String malformed = blocks.malformed();
    if (malformed != null) {
      throw malformed(id, malformed);
    }
    if (table.size() >= limits.maxStreams()) {
      throw Http2Exception.stream(id, ErrorCode.REFUSED_STREAM, "too many streams at once");
    }
    Http2Stream stream = new Http2Stream(id, this, out, head, blocks.endStream(), initialWindow);
    table.put(stream);
    connection.onStreams();
    if (fault != HeadFault.NONE) {
      handler.refuse(stream, fault.status(), fault.text());
    } else if (limits.maxBody() > 0 && head.contentLength > limits.maxBody()) {
      handler.refuse(stream, 413, "the body is larger than " + limits.maxBody() + " bytes");
    } else {
      handler.handle(stream);
    }
  }

  // ---- windows ----

  /** The client says how much it takes of each response, those under way included. */
  void initialWindow(long value) throws Http2Exception {
    if (value > Integer.MAX_VALUE) {
      throw Http2Exception.connection(
          ErrorCode.FLOW_CONTROL_ERROR, "INITIAL_WINDOW_SIZE is too large");
    }
    long difference = value - initialWindow;
    initialWindow = (int) value;
    if (difference != 0) {
      for (Http2Stream stream : table.all()) {
        if (!stream.widen(difference)) {
          throw Http2Exception.connection(
              ErrorCode.FLOW_CONTROL_ERROR, "a stream's window is too large");
        }
      }
    }
  }

  // ---- the end of streams ----

  /**
   * A stream is closed.
   *
   * @param byUs whether the client may not know of it yet
   */
  void closed(Http2Stream stream, boolean byUs) {
    table.remove(stream);
    table.closed(stream.id(), byUs);
    if (table.isEmpty()) {
      connection.onNoStreams();
    }
  }

  /** The client broke a rule that concerns one stream, open or not. */
  void fail(Http2Exception e) throws Http2Exception {
    int id = e.stream();
    guard.reset();
    LOG.debug("stream {} of {}: {}", id, client.peer(), e.getMessage());
    Http2Stream stream = table.get(id);
    if (stream == null) {
      out.reset(id, e.code());
      table.closed(id, true);
    } else {
      stream.fail(e, e.code());
    }
  }

  /** The connection ends, or the client wants nothing more. */
  void failAll(Throwable cause) {
    for (Http2Stream stream : table.all()) {
      stream.fail(cause, null);
    }
  }
}
