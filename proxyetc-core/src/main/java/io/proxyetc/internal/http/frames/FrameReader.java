package io.proxyetc.internal.http.frames;

import java.util.Arrays;

/**
 * Cuts a client's bytes into frames. The payload of DATA is handed on as it comes; any other frame
 * only when it is complete, and its bytes are copied only if it came in parts.
 *
 * <pre>
 *   PREFACE --> HEADER --> PAYLOAD --> HEADER ...
 *                  \--DATA--> [PAD_LENGTH] --> BODY --> PADDING --> HEADER ...
 * </pre>
 */
public final class FrameReader {
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private static final byte[] NOTHING = new byte[0];
  private static final int KEEP = 256; // what an idle connection may keep

  /** Who handles the frames. What it throws ends the connection. */
  public interface Sink {
    /** A complete frame of any type but DATA. The bytes are valid during the call. */
    void frame(int type, int flags, int stream, byte[] bytes, int from, int length)
        throws Http2Exception;

    /**
     * A frame of DATA begins.
     *
     * @param size of its payload, padding included: what counts for flow control
     */
    void dataBegins(int flags, int stream, int size) throws Http2Exception;

    /**
     * Some of its bytes.
     *
     * @param last whether no further ones follow in this frame
     */
    void data(byte[] bytes, int from, int length, boolean last) throws Http2Exception;

    /** The frame is complete. */
    void dataEnds() throws Http2Exception;

    /** Whether nothing more is to be handled. */
    boolean stopped();
  }

  private enum State {
    PREFACE,
    HEADER,
    PAYLOAD,
    PAD_LENGTH,
    BODY,
    PADDING
  }

  private final Sink sink;
  private State state = State.PREFACE;
  private byte[] partial = NOTHING; // a frame that came in parts
  private int collected; // bytes of the preface, or in partial
  private int type;
  private int flags;
  private int stream;
  private int remaining; // of the body or the padding
  private int padding;
  private int length;
  private int at; // how far the bytes of the present call are handled

  public FrameReader(Sink sink) {
    this.sink = sink;
  }

  /**
   * Handles bytes that came.
   *
   * @throws Http2Exception the peer broke a rule, and nothing more can be read
   */
  public void read(byte[] in, int from, int to) throws Http2Exception {
    at = from;
    while (at < to && !sink.stopped()) {
      switch (state) {
        case PREFACE -> preface(in, to);
        case HEADER -> header(in, to);
        case PAYLOAD -> payload(in, to);
        case PAD_LENGTH -> padLength(in[at++] & 0xff);
        case BODY -> body(in, to);
        case PADDING -> padding(to);
      }
    }
  }

  private void preface(byte[] in, int to) throws Http2Exception {
    while (at < to && collected < PREFACE.length) {
      if (in[at++] != PREFACE[collected++]) {
        throw Http2Exception.connection(ErrorCode.PROTOCOL_ERROR, "this is not HTTP/2");
      }
    }
    if (collected == PREFACE.length) {
      collected = 0;
      state = State.HEADER;
    }
  }

  private void header(byte[] in, int to) throws Http2Exception {
    if (collected == 0 && to - at >= Frames.HEADER) {
      parseHeader(in, at);
      at += Frames.HEADER;
    } else {
      collect(in, to, Frames.HEADER);
      if (collected < Frames.HEADER) {
        return;
      }
      parseHeader(partial, 0);
    }
    collected = 0;
    begin();
  }

  /** Copies on until this many bytes are there. */
  private void collect(byte[] in, int to, int wanted) {
    if (partial.length < wanted) {
      partial = Arrays.copyOf(partial, Math.max(64, wanted));
    }
    int n = Math.min(wanted - collected, to - at);
    System.arraycopy(in, at, partial, collected, n);
    collected += n;
    at += n;
  }

  private void parseHeader(byte[] b, int i) {
    length = (b[i] & 0xff) << 16 | (b[i + 1] & 0xff) << 8 | (b[i + 2] & 0xff);
    type = b[i + 3] & 0xff;
    flags = b[i + 4] & 0xff;
    stream = Frames.int31(b, i + 5);
  }

  private void begin() throws Http2Exception {
    if (length > Frames.MAX_PAYLOAD) {
      throw Http2Exception.connection(ErrorCode.FRAME_SIZE_ERROR, "a frame is too large");
    }
    if (type != Frames.DATA) {
      state = State.PAYLOAD;
      if (length == 0) {
        deliver(NOTHING, 0);
      }
      return;
    }
    remaining = length;
    padding = 0;
    boolean padded = (flags & Frames.PADDED) != 0;
    if (padded && length == 0) {
      throw Http2Exception.connection(ErrorCode.FRAME_SIZE_ERROR, "DATA lacks its padding");
    }
    state = padded ? State.PAD_LENGTH : State.BODY;
    sink.dataBegins(flags, stream, length);
    if (length == 0) {
      endData();
    }
  }

  private void payload(byte[] in, int to) throws Http2Exception {
    if (collected == 0 && to - at >= length) {
      int from = at;
      at += length;
      deliver(in, from);
      return;
    }
    collect(in, to, length);
    if (collected == length) {
      byte[] whole = partial;
      if (whole.length > KEEP) {
        partial = NOTHING;
      }
      deliver(whole, 0);
    }
  }

  private void deliver(byte[] bytes, int from) throws Http2Exception {
    state = State.HEADER;
    collected = 0;
    sink.frame(type, flags, stream, bytes, from, length);
  }

  private void padLength(int pad) throws Http2Exception {
    padding = pad;
    remaining = length - 1 - pad;
    if (remaining < 0) {
      throw Http2Exception.connection(ErrorCode.PROTOCOL_ERROR, "DATA is all padding");
    }
    state = State.BODY;
    if (remaining == 0) {
      beginPadding();
    }
  }

  private void body(byte[] in, int to) throws Http2Exception {
    int n = Math.min(remaining, to - at);
    int from = at;
    at += n;
    remaining -= n;
    boolean last = remaining == 0;
    if (last) {
      state = State.PADDING; // set before, as the sink may throw
    }
    sink.data(in, from, n, last);
    if (last) {
      beginPadding();
    }
  }

  private void beginPadding() throws Http2Exception {
    remaining = padding;
    state = State.PADDING;
    if (remaining == 0) {
      endData();
    }
  }

  private void padding(int to) throws Http2Exception {
    int n = Math.min(remaining, to - at);
    at += n;
    remaining -= n;
    if (remaining == 0) {
      endData();
    }
  }

  private void endData() throws Http2Exception {
    state = State.HEADER;
    sink.dataEnds();
  }
}
