package io.proxyetc.internal.http.streams;

import io.proxyetc.internal.http.frames.ErrorCode;
import io.proxyetc.internal.http.frames.FloodGuard;
import io.proxyetc.internal.http.frames.FrameOutlet;
import io.proxyetc.internal.http.frames.FrameReader;
import io.proxyetc.internal.http.frames.Frames;
import io.proxyetc.internal.http.frames.HpackWriter;
import io.proxyetc.internal.http.frames.Http2Exception;
import java.io.EOFException;

/**
 * What the frames of a client mean, and whether they may come now (RFC 9113, section 6). A fault of
 * one stream ends that stream; any other is thrown, and ends the connection.
 */
final class ClientFrames implements FrameReader.Sink {
  private static final int TINY_WINDOW = 256;

  private final Http2Connection connection;
  private final Streams streams;
  private final DataFrames data;
  private final HeaderBlocks blocks;
  private final FrameOutlet out;
  private final FloodGuard guard;
  private final HpackWriter hpack;

  ClientFrames(
      Http2Connection connection,
      Streams streams,
      HeaderBlocks blocks,
      FrameOutlet out,
      FloodGuard guard,
      HpackWriter hpack) {
    this.connection = connection;
    this.streams = streams;
    this.data = new DataFrames(streams, guard);
    this.blocks = blocks;
    this.out = out;
    this.guard = guard;
    this.hpack = hpack;
  }

  @Override
  public boolean stopped() {
    return connection.stopped();
  }

  @Override
  public void frame(int type, int flags, int id, byte[] b, int from, int length)
      throws Http2Exception {
    checkOrder(type, id);
    try {
      switch (type) {
        case Frames.HEADERS -> headers(flags, id, b, from, length);
        case Frames.CONTINUATION -> continuation(flags, id, b, from, length);
        case Frames.PRIORITY -> priority(id, b, from, length);
        case Frames.RST_STREAM -> reset(id, length);
        case Frames.SETTINGS -> settings(flags, id, b, from, length);
        case Frames.PUSH_PROMISE -> throw protocol("clients cannot push");
        case Frames.PING -> ping(flags, id, b, from, length);
        case Frames.GOAWAY -> goingAway(id, b, from, length);
        case Frames.WINDOW_UPDATE -> windowUpdate(id, b, from, length);
        default -> guard.idleFrame(); // of an extension that nobody agreed on
      }
    } catch (Http2Exception e) {
      if (e.stream() == 0) {
        throw e;
      }
      streams.fail(e);
    }
  }

  private void checkOrder(int type, int id) throws Http2Exception {
    if (!connection.greeted() && type != Frames.SETTINGS) {
      throw protocol("SETTINGS must come first");
    }
    if (blocks.open() && (type != Frames.CONTINUATION || !blocks.openFor(id))) {
      throw protocol("a header block is interrupted");
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

  private static void ofTheConnection(int id, String frame) throws Http2Exception {
    if (id != 0) {
      throw protocol(frame + " with a stream");
    }
  }

  // ---- DATA ----

  @Override
  public void dataBegins(int flags, int id, int size) throws Http2Exception {
    checkOrder(Frames.DATA, id);
    data.begin(flags, id, size);
  }

  @Override
  public void data(byte[] bytes, int from, int length, boolean last) throws Http2Exception {
    data.data(bytes, from, length, last);
  }

  @Override
  public void dataEnds() throws Http2Exception {
    data.end();
  }

  // ---- of streams ----

  private void headers(int flags, int id, byte[] b, int from, int length) throws Http2Exception {
    if ((id & 1) == 0) {
      throw protocol("clients use odd stream numbers");
    }
    blocks.headers(flags, id, b, from, length);
    if (!blocks.open()) {
      streams.block(blocks);
    }
  }

  private void continuation(int flags, int id, byte[] b, int from, int length)
      throws Http2Exception {
    blocks.continuation(flags, id, b, from, length);
    if (!blocks.open()) {
      streams.block(blocks);
    }
  }

  private void priority(int id, byte[] b, int from, int length) throws Http2Exception {
    guard.idleFrame();
    if (id == 0) {
      throw protocol("PRIORITY without a stream");
    }
    if (length != 5) {
      throw Http2Exception.stream(id, ErrorCode.FRAME_SIZE_ERROR, "PRIORITY is of the wrong size");
    }
    if (Frames.int31(b, from) == id) {
      throw Http2Exception.stream(id, ErrorCode.PROTOCOL_ERROR, "a stream depends on itself");
    }
  }

  private void reset(int id, int length) throws Http2Exception {
    size(length == 4, "RST_STREAM");
    if (!streams.begun(id)) {
      throw protocol("RST_STREAM for a stream that was not begun");
    }
    guard.reset();
    Http2Stream stream = streams.get(id);
    if (stream != null) {
      stream.fail(new EOFException("the client reset the stream"), null);
    }
  }

  private void windowUpdate(int id, byte[] b, int from, int length) throws Http2Exception {
    size(length == 4, "WINDOW_UPDATE");
    int more = Frames.int31(b, from);
    if (more < TINY_WINDOW) {
      guard.idleFrame();
    }
    if (id == 0) {
      if (more == 0) {
        throw protocol("WINDOW_UPDATE of nothing");
      }
      streams.turns().widen(more);
    } else {
      widen(id, more);
    }
    streams.turns().resume();
  }

  private void widen(int id, int more) throws Http2Exception {
    if (!streams.begun(id)) {
      throw protocol("WINDOW_UPDATE for a stream that was not begun");
    }
    if (more == 0) {
      throw Http2Exception.stream(id, ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of nothing");
    }
    Http2Stream stream = streams.get(id);
    if (stream != null && !stream.widen(more)) {
      throw Http2Exception.stream(id, ErrorCode.FLOW_CONTROL_ERROR, "the window is too large");
    }
  }

  // ---- of the connection ----

  private void settings(int flags, int id, byte[] b, int from, int length) throws Http2Exception {
    ofTheConnection(id, "SETTINGS");
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
    connection.onGreeting();
    streams.turns().resume();
  }

  private void setting(int which, long value) throws Http2Exception {
    switch (which) {
      case Frames.SETTINGS_HEADER_TABLE_SIZE -> hpack.peerTable(value);
      case Frames.SETTINGS_ENABLE_PUSH -> {
        if (value > 1) {
          throw protocol("ENABLE_PUSH is 0 or 1");
        }
      }
      case Frames.SETTINGS_INITIAL_WINDOW_SIZE -> streams.initialWindow(value);
      case Frames.SETTINGS_MAX_FRAME_SIZE -> {
        if (value < Frames.MAX_PAYLOAD || value > 0xffffff) {
          throw protocol("MAX_FRAME_SIZE is out of range");
        }
      }
      default -> {}
    }
  }

  private void ping(int flags, int id, byte[] b, int from, int length) throws Http2Exception {
    ofTheConnection(id, "PING");
    size(length == 8, "PING");
    if ((flags & Frames.ACK) == 0) {
      guard.idleFrame();
      out.ping(true, b, from);
    } else {
      connection.onPingAnswer();
    }
  }

  /**
   * The client begins no more requests. Those under way it may still want, unless it says why not.
   */
  private void goingAway(int id, byte[] b, int from, int length) throws Http2Exception {
    ofTheConnection(id, "GOAWAY");
    size(length >= 8, "GOAWAY");
    if (Frames.int32(b, from + 4) != ErrorCode.NO_ERROR.ordinal()) {
      streams.failAll(new EOFException("the client gave the connection up"));
    }
    connection.onGoAway();
  }
}
