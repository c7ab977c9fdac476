package io.proxyetc.internal.http.wire;

import io.proxyetc.internal.http.message.FieldId;
import io.proxyetc.internal.http.message.Head;

/**
 * Reads the head of an HTTP/1 message, line by line, as its bytes come in. Strict, as a proxy must
 * be that others stand behind (RFC 9112): lines end in CRLF, no folding, no blank before a colon,
 * no control bytes. Used for requests, responses and trailers alike.
 *
 * <pre>{@code
 * START --start line--> FIELDS --empty line--> DONE
 *   \________________________\______________fault__> FAULT
 * }</pre>
 */
public final class HeadParser {
  /** What is parsed. */
  public enum Kind {
    REQUEST,
    RESPONSE,
    TRAILERS
  }

  /** Whether a byte may stand in a token (RFC 9110, section 5.6.2). */
  static final boolean[] TOKEN = new boolean[256];

  static {
    for (int c = 0; c < 256; c++) {
      TOKEN[c] =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
  }

  private final Kind kind;
  private final int maxStartLine;
  private final int maxHead;
  private final int maxFields;
  private Head head = new Head();
  private boolean started; // the start line was read
  private int line; // where the current line starts
  private int scanned; // how far line ends and control bytes were looked for
  private HeadFault fault = HeadFault.NONE;

  public HeadParser(Kind kind, int maxStartLine, int maxHead, int maxFields) {
    this.kind = kind;
    this.maxStartLine = maxStartLine;
    this.maxHead = maxHead;
    this.maxFields = maxFields;
  }

  /** Begins a head. */
  public void begin(Head into) {
    head = into;
    into.reset();
    started = kind == Kind.TRAILERS;
    line = 0;
    scanned = 0;
    fault = HeadFault.NONE;
  }

  /** What is wrong after {@link #parse} gave {@link #FAULT}. */
  public HeadFault fault() {
    return fault;
  }

  /** More bytes are needed. */
  public static final int MORE = -1;

  /** The head cannot be trusted: see {@link #fault}. */
  public static final int FAULT = -2;

  /**
   * Goes on with what stands in {@code head.bytes[0, head.length)}.
   *
   * @return the length of the head when it is complete, or {@link #MORE} or {@link #FAULT}
   */
  public int parse() {
    byte[] bytes = head.bytes;
    int length = head.length;
    int i = ControlBytes.find(bytes, scanned, length);
    while (i < length) {
      int c = bytes[i];
      if (c == '\t') {
        i++;
      } else if (c == '\r') {
        if (i + 1 == length) {
          break; // the LF is still to come
        }
        if (bytes[i + 1] != '\n') {
          return fail(HeadFault.BARE_CR);
        }
        int end = i;
        i += 2;
        if (end == line && !(kind == Kind.REQUEST && !started)) {
          return started ? complete(i) : fail(HeadFault.START_LINE);
        }
        if (!line(end)) {
          return FAULT;
        }
        line = i;
      } else {
        return fail(c == '\n' ? HeadFault.BARE_LF : HeadFault.CONTROL);
      }
      i = ControlBytes.find(bytes, i, length);
    }
    scanned = i;
    return tooLarge(length) ? FAULT : MORE;
  }

  private boolean tooLarge(int length) {
    if (!started && length - line > maxStartLine) {
      fail(kind == Kind.REQUEST ? HeadFault.LINE_TOO_LONG : HeadFault.HEAD_TOO_LARGE);
    } else if (length > maxHead) {
      fail(HeadFault.HEAD_TOO_LARGE);
    }
    return fault != HeadFault.NONE;
  }

  private int complete(int end) {
    if (end > maxHead) {
      return fail(HeadFault.HEAD_TOO_LARGE);
    }
    fault = kind == Kind.REQUEST ? RequestRules.check(head) : ResponseRules.check(head, kind);
    return fault == HeadFault.NONE ? end : FAULT;
  }

  /** One line, from {@link #line} to {@code end}. */
  private boolean line(int end) {
    if (started) {
      return field(end);
    }
    if (end == line) {
      // One empty line in front of a request is forgiven (RFC 9112, section 2.2).
      return line == 0 || fail(HeadFault.START_LINE) != FAULT;
    }
    if (end - line > maxStartLine) {
      fail(kind == Kind.REQUEST ? HeadFault.LINE_TOO_LONG : HeadFault.HEAD_TOO_LARGE);
      return false;
    }
    started = true;
    fault =
        kind == Kind.REQUEST
            ? StartLine.request(head, line, end)
            : StartLine.response(head, line, end);
    return fault == HeadFault.NONE;
  }

  private boolean field(int end) {
    byte[] bytes = head.bytes;
    int colon = line;
    while (colon < end && TOKEN[bytes[colon] & 0xff]) {
      colon++;
    }
    if (colon == line || colon == end || bytes[colon] != ':') {
      fail(bytes[line] == ' ' || bytes[line] == '\t' ? HeadFault.FOLDED : HeadFault.FIELD_NAME);
      return false;
    }
    int from = colon + 1;
    int to = end;
    while (from < to && (bytes[from] == ' ' || bytes[from] == '\t')) {
      from++;
    }
    while (to > from && (bytes[to - 1] == ' ' || bytes[to - 1] == '\t')) {
      to--;
    }
    if (head.count() == maxFields) {
      fail(HeadFault.TOO_MANY_FIELDS);
      return false;
    }
    FieldId id = head.add(line, colon, from, to);
    if (id != FieldId.OTHER) {
      fault = FramingFields.read(head, id, from, to, kind);
    }
    return fault == HeadFault.NONE;
  }

  private int fail(HeadFault newFault) {
    fault = newFault;
    return FAULT;
  }
}
