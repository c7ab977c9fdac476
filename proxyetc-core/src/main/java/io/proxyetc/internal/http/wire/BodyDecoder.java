package io.proxyetc.internal.http.wire;

import io.proxyetc.internal.http.message.Head;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the body in the bytes of an HTTP/1 message (RFC 9112, sections 6.3 and 7.1), without
 * copying them. The chunked coding is read strictly: sizes are hex digits, lines end in CRLF,
 * extensions and trailers are bounded.
 *
 * <pre>{@code
 * CHUNKED:  SIZE -> [EXTENSION] -> SIZE_LF -> DATA -> DATA_CR -> DATA_LF -> SIZE ...
 *           size 0: TRAILERS -> DONE
 * }</pre>
 */
public final class BodyDecoder {
  /** The message is complete. */
  public static final int END = -1;

  /** More bytes are needed. */
  public static final int MORE = 0;

  private static final int MAX_SIZE_DIGITS = 15;
  private static final int MAX_EXTENSIONS = 16 * 1024; // per body
  private static final int MAX_TRAILERS = 8 * 1024;

  private enum State {
    LENGTH,
    UNTIL_CLOSE,
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILERS,
    DONE
  }

  private State state = State.DONE;
  private long remaining; // of the body, or of the chunk
  private int digits;
  private int extensions;
  private boolean named; // the extension's semicolon was read
  private boolean quoted; // inside a quoted extension value
  private boolean escaped; // behind a backslash in it
  private @Nullable Head trailers;
  private @Nullable HeadParser trailerParser;

  /** No body. */
  public void none() {
    start(State.DONE, 0);
  }

  /** A body of this many bytes. */
  public void length(long bytes) {
    start(bytes == 0 ? State.DONE : State.LENGTH, bytes);
  }

  /** A chunked body. */
  public void chunked() {
    start(State.SIZE, 0);
  }

  /** A body that ends when the peer closes. */
  public void untilClose() {
    start(State.UNTIL_CLOSE, 0);
  }

  private void start(State first, long bytes) {
    state = first;
    remaining = bytes;
    digits = 0;
    extensions = 0;
    quoted = false;
    escaped = false;
    trailers = null;
  }

  public boolean done() {
    return state == State.DONE;
  }

  /** Whether only the peer's close ends the body. */
  public boolean endsByClose() {
    return state == State.UNTIL_CLOSE;
  }

  /** The trailer fields of a chunked body that is done; null: none. */
  public @Nullable Head trailers() {
    return trailers != null && trailers.count() > 0 ? trailers : null;
  }

  /**
   * Goes on to the next piece of the body.
   *
   * @param in moved past what frames the body
   * @return how many bytes at the buffer's position are body: the caller consumes just these; or
   *     {@link #MORE} or {@link #END}
   * @throws FramingException when the framing is broken
   */
  public int next(ByteBuffer in) throws FramingException {
    switch (state) {
      case DONE:
        return END;
      case UNTIL_CLOSE:
        return in.remaining();
      case LENGTH:
        int n = (int) Math.min(remaining, in.remaining());
        remaining -= n;
        if (remaining == 0) {
          state = State.DONE;
        }
        return n;
      default:
        return nextChunk(in);
    }
  }

  private int nextChunk(ByteBuffer in) throws FramingException {
    while (in.hasRemaining()) {
      if (state == State.DATA) {
        int n = (int) Math.min(remaining, in.remaining());
        remaining -= n;
        if (remaining == 0) {
          state = State.DATA_CR;
        }
        return n;
      }
      if (state == State.TRAILERS) {
        return trailer(in);
      }
      frame(in.get());
    }
    return MORE;
  }

  private void frame(int c) throws FramingException {
    switch (state) {
      case SIZE -> size(c);
      case EXTENSION -> extension(c);
      case SIZE_LF -> {
        expect(c, '\n', "chunk size");
        state = remaining == 0 ? State.TRAILERS : State.DATA;
        digits = 0;
      }
      case DATA_CR -> {
        expect(c, '\r', "chunk data");
        state = State.DATA_LF;
      }
      case DATA_LF -> {
        expect(c, '\n', "chunk data");
        state = State.SIZE;
      }
      default -> throw new IllegalStateException(state.toString());
    }
  }

  private void size(int c) throws FramingException {
    int lower = c | 0x20;
    int value =
        c >= '0' && c <= '9' ? c - '0' : lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    if (value >= 0) {
      if (++digits > MAX_SIZE_DIGITS) {
        throw new FramingException("a chunk size is too large");
      }
      remaining = remaining << 4 | value;
    } else if (digits == 0) {
      throw new FramingException("a chunk size is malformed");
    } else if (c == '\r') {
      state = State.SIZE_LF;
    } else if (c == ';' || c == ' ' || c == '\t') {
      state = State.EXTENSION;
      named = false;
      quoted = false;
      extension(c);
    } else {
      throw new FramingException("a chunk size is malformed");
    }
  }

  /** Extensions are read past: bounded, without control bytes, and blanks alone are none. */
  private void extension(int c) throws FramingException {
    if (++extensions > MAX_EXTENSIONS) {
      throw new FramingException("chunk extensions are too large");
    }
    if (!named && c != ' ' && c != '\t') {
      if (c != ';') {
        throw new FramingException("a chunk size is malformed");
      }
      named = true;
    } else if (c == '\r') {
      if (quoted) {
        throw new FramingException("a chunk extension is malformed");
      }
      state = State.SIZE_LF;
    } else if ((c >= 0 && c < 0x20 && c != '\t') || c == 0x7f) {
      throw new FramingException("a control character in a chunk extension");
    } else if (escaped) {
      escaped = false;
    } else if (quoted && c == '\\') {
      escaped = true;
    } else if (c == '"') {
      quoted = !quoted;
    }
  }

  private static void expect(int c, int wanted, String where) throws FramingException {
    if (c != wanted) {
      throw new FramingException("a line end is missing behind " + where);
    }
  }

  private int trailer(ByteBuffer in) throws FramingException {
    Head head = trailers;
    HeadParser parser = trailerParser;
    if (parser == null) {
      parser = new HeadParser(HeadParser.Kind.TRAILERS, MAX_TRAILERS, MAX_TRAILERS, 64);
      trailerParser = parser;
    }
    if (head == null) {
      head = new Head();
      trailers = head;
      parser.begin(head);
    }
    int before = head.length;
    int n = Math.min(in.remaining(), MAX_TRAILERS + 1 - before);
    head.ensure(n);
    in.get(in.position(), head.bytes, before, n);
    head.length += n;
    int end = parser.parse();
    if (end == HeadParser.FAULT) {
      throw new FramingException("trailers: " + parser.fault().text());
    }
    if (end == HeadParser.MORE) {
      in.position(in.position() + n);
      return MORE;
    }
    in.position(in.position() + end - before);
    state = State.DONE;
    return END;
  }
}
