package io.proxyetc.internal.http.streams;

import io.proxyetc.internal.http.frames.ErrorCode;
import io.proxyetc.internal.http.frames.FloodGuard;
import io.proxyetc.internal.http.frames.Frames;
import io.proxyetc.internal.http.frames.Http2Exception;
import org.jspecify.annotations.Nullable;

/**
 * Brings the DATA frames of a connection to the bodies of their streams (RFC 9113, section 6.1).
 * Bytes that no stream takes still count for the connection's window, so they are given back.
 */
final class DataFrames {
  private final Streams streams;
  private final FloodGuard guard;
  private final ReceiveWindow window;

  // The frame that is being read.
  private @Nullable Http2Stream receiving;
  private boolean endStream; // it carries END_STREAM, and that has not been told yet
  private int rest; // its bytes still to come, padding included

  DataFrames(Streams streams, FloodGuard guard) {
    this.streams = streams;
    this.guard = guard;
    this.window = streams.receiveWindow();
  }

  /**
   * A frame begins.
   *
   * @param size of its payload, padding included
   */
  void begin(int flags, int id, int size) throws Http2Exception {
    receiving = null;
    rest = size;
    endStream = (flags & Frames.END_STREAM) != 0;
    if (!streams.begun(id)) {
      throw Http2Exception.connection(
          ErrorCode.PROTOCOL_ERROR, "DATA for a stream that was not begun");
    }
    if (!window.fits(size)) {
      throw Http2Exception.connection(
          ErrorCode.FLOW_CONTROL_ERROR, "more DATA than the connection's window");
    }
    if (size == 0 && !endStream) {
      guard.idleFrame();
    }
    Http2Stream stream = streams.get(id);
    if (stream == null) {
      streams.late(id, "DATA");
    } else if (stream.requestBody().ended()) {
      fail(id, ErrorCode.STREAM_CLOSED, "DATA behind the end");
    } else if (!stream.requestBody().fits(size)) {
      fail(id, ErrorCode.FLOW_CONTROL_ERROR, "more DATA than the stream's window");
    } else {
      receiving = stream;
    }
  }

  private void fail(int id, ErrorCode code, String why) throws Http2Exception {
    streams.fail(Http2Exception.stream(id, code, why));
  }

  /**
   * Some of its bytes.
   *
   * @param last whether no further ones follow in this frame
   */
  void data(byte[] bytes, int from, int length, boolean last) throws Http2Exception {
    rest -= length;
    Http2Stream stream = receiving;
    if (stream == null || stream.closed()) {
      window.taken(length);
      return;
    }
    boolean end = last && endStream;
    if (length > 0 || end) {
      endStream &= !end;
      check(stream, stream.requestBody().data(bytes, from, length, end));
    }
  }

  /** It is complete. */
  void end() throws Http2Exception {
    Http2Stream stream = receiving;
    receiving = null;
    window.taken(rest);
    if (stream == null || stream.closed()) {
      return;
    }
    if (rest > 0) {
      stream.requestBody().padding(rest);
    }
    if (endStream) {
      check(stream, stream.requestBody().ended(null));
    }
  }

  private void check(Http2Stream stream, @Nullable String fault) throws Http2Exception {
    if (fault != null) {
      fail(stream.id(), ErrorCode.PROTOCOL_ERROR, fault);
    }
  }
}
