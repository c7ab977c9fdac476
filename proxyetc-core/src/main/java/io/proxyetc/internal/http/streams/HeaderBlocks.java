package io.proxyetc.internal.http.streams;

import io.proxyetc.Limits;
import io.proxyetc.internal.http.frames.ErrorCode;
import io.proxyetc.internal.http.frames.FrameBuffers;
import io.proxyetc.internal.http.frames.Frames;
import io.proxyetc.internal.http.frames.HpackReader;
import io.proxyetc.internal.http.frames.Http2Exception;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.wire.FieldList;
import io.proxyetc.internal.http.wire.HeadFault;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Puts the header blocks of an HTTP/2 connection together, from HEADERS and CONTINUATION, and makes
 * heads of them. Every complete block must be decompressed, wanted or not: by {@link #request},
 * {@link #trailers} or {@link #skip}.
 */
final class HeaderBlocks implements HpackReader.Fields {
  private static final byte[] NOTHING = new byte[0];
  private static final int PRIORITY = 5;

  private final HpackReader hpack;
  private final FieldList fields;
  private final int maxBlock;

  private boolean open; // CONTINUATION must follow
  private int stream;
  private boolean endStream;
  private boolean selfDependent;
  private int parts;

  // Where the block stands: in the frame that completed it, or in an array of its own.
  private byte[] bytes = NOTHING;
  private int from;
  private int length;

  HeaderBlocks(Limits limits, FrameBuffers buffers) {
    hpack = new HpackReader(buffers.fieldScratch());
    fields = new FieldList(limits.maxRequestLine(), limits.maxHead(), limits.maxFields());
    maxBlock = 2 * limits.maxHead() + Frames.MAX_PAYLOAD;
  }

  /** Whether the block is still incomplete. */
  boolean open() {
    return open;
  }

  boolean openFor(int id) {
    return open && stream == id;
  }

  /** The stream of the last block. */
  int stream() {
    return stream;
  }

  /** Whether nothing follows the block on its stream. */
  boolean endStream() {
    return endStream;
  }

  void headers(int flags, int id, byte[] b, int begin, int size) throws Http2Exception {
    int at = begin;
    int end = begin + size;
    stream = id;
    endStream = (flags & Frames.END_STREAM) != 0;
    selfDependent = false;
    parts = 0;
    if ((flags & Frames.PADDED) != 0) {
      need(at < end);
      end -= b[at++] & 0xff;
    }
    if ((flags & Frames.WITH_PRIORITY) != 0) {
      need(at + PRIORITY <= end);
      selfDependent = Frames.int31(b, at) == id;
      at += PRIORITY;
    }
    if (at > end) {
      throw Http2Exception.connection(ErrorCode.PROTOCOL_ERROR, "HEADERS is all padding");
    }
    open = (flags & Frames.END_HEADERS) == 0;
    bytes = open ? Arrays.copyOfRange(b, at, end) : b;
    from = open ? 0 : at;
    length = end - at;
  }

  private static void need(boolean there) throws Http2Exception {
    if (!there) {
      throw Http2Exception.connection(ErrorCode.FRAME_SIZE_ERROR, "HEADERS is too short");
    }
  }

  void continuation(int flags, int id, byte[] b, int begin, int size) throws Http2Exception {
    if (!openFor(id)) {
      throw Http2Exception.connection(
          ErrorCode.PROTOCOL_ERROR, "CONTINUATION without HEADERS before it");
    }
    parts++;
    if (length + size > maxBlock || parts > 8 + maxBlock / 4096) {
      throw Http2Exception.connection(ErrorCode.ENHANCE_YOUR_CALM, "a header block without end");
    }
    if (bytes.length < length + size) {
      bytes = Arrays.copyOf(bytes, Math.max(length + size, 2 * length));
    }
    System.arraycopy(b, begin, bytes, length, size);
    length += size;
    open = (flags & Frames.END_HEADERS) == 0;
  }

  /** Makes the block a request's head. */
  HeadFault request(Head into) throws Http2Exception {
    fields.beginRequest(into);
    read();
    if (selfDependent) {
      throw Http2Exception.stream(stream, ErrorCode.PROTOCOL_ERROR, "a stream depends on itself");
    }
    return fields.endRequest(!endStream);
  }

  /** Makes the block trailers. */
  Head trailers() throws Http2Exception {
    Head trailers = new Head();
    fields.beginTrailers(trailers);
    read();
    return trailers;
  }

  /** Reads a block that nobody wants, as what follows depends on it. */
  void skip() throws Http2Exception {
    trailers();
  }

  /** What makes the last head malformed; null: nothing. */
  @Nullable String malformed() {
    return fields.malformed();
  }

  private void read() throws Http2Exception {
    try {
      hpack.read(bytes, from, length, this);
    } finally {
      bytes = NOTHING;
    }
  }

  @Override
  public void field(byte[] name, int nameLength, byte[] value, int valueFrom, int valueTo) {
    fields.field(name, nameLength, value, valueFrom, valueTo);
  }

  @Override
  public boolean full() {
    return fields.full();
  }
}
