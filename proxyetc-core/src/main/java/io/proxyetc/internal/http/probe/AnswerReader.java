package io.proxyetc.internal.http.probe;

import io.proxyetc.HealthCheck;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.wire.BodyDecoder;
import io.proxyetc.internal.http.wire.FramingException;
import io.proxyetc.internal.http.wire.HeadParser;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Judges the answer to one HTTP probe as its bytes come in. It reads no further than it has to: to
 * the end of the head, or to the text that the body must contain.
 *
 * <pre>{@code
 * HEAD --1xx--> HEAD        HEAD --good, a text is wanted--> BODY
 *  \___ judged by its status __> OVER <__ found, or not ___/
 * }</pre>
 */
final class AnswerReader {
  /** How far a body is looked through, in bytes. */
  static final int MAX_BODY = 64 * 1024;

  private static final int MAX_INTERIM = 16;
  private static final int MAX_SHOWN = 100;

  private enum State {
    HEAD,
    BODY,
    OVER
  }

  private final HealthCheck check;
  private final Head head = new Head();
  private final HeadParser parser;
  private State state = State.HEAD;
  private int interim;
  private @Nullable BodyDecoder body;
  private @Nullable TextSearch search;
  private int left = MAX_BODY;
  private boolean good;
  private String reason = "";

  AnswerReader(HealthCheck check, int maxHead, int maxFields) {
    this.check = check;
    this.parser = new HeadParser(HeadParser.Kind.RESPONSE, maxHead, maxHead, maxFields);
    parser.begin(head);
  }

  /** Whether the verdict stands: then {@link #good} and {@link #reason} say it. */
  boolean over() {
    return state == State.OVER;
  }

  boolean good() {
    return good;
  }

  String reason() {
    return reason;
  }

  /** What is waited for, as in "no answer". */
  String awaited() {
    return state == State.HEAD ? "no answer" : "no complete answer";
  }

  /** Takes what came. */
  void read(ByteBuffer in) {
    while (state == State.HEAD && in.hasRemaining()) {
      readHead(in);
    }
    if (state == State.BODY && body != null && search != null) {
      readBody(in, body, search);
    }
  }

  private void readHead(ByteBuffer in) {
    int before = head.length;
    int taken = Math.min(in.remaining(), Head.SMALL); // a body may be behind it
    head.ensure(taken);
    in.get(head.bytes, before, taken);
    head.length = before + taken;
    int end = parser.parse();
    if (end == HeadParser.FAULT) {
      fail("the answer is malformed: " + parser.fault().text());
    } else if (end >= 0) {
      in.position(in.position() - (head.length - end));
      judgeHead();
    }
  }

  private void judgeHead() {
    if (head.status == 101) {
      fail("101 without having been asked to switch protocols");
    } else if (head.status < 200) {
      if (++interim > MAX_INTERIM) {
        fail("more than " + MAX_INTERIM + " interim answers, and no final one");
      } else {
        parser.begin(head);
      }
    } else if (!check.good(head.status)) {
      fail(statusLine());
    } else if (check.body().isEmpty()) {
      pass();
    } else if (bodyless()) {
      fail(missing());
    } else {
      beginBody(check.body().get());
    }
  }

  private boolean bodyless() {
    return check.method().equals("HEAD") || head.status == 204 || head.status == 304;
  }

  private void beginBody(String wanted) {
    BodyDecoder decoder = new BodyDecoder();
    if (head.chunked) {
      decoder.chunked();
    } else if (head.contentLength >= 0) {
      decoder.length(head.contentLength);
    } else {
      decoder.untilClose();
    }
    body = decoder;
    search = new TextSearch(wanted);
    state = State.BODY;
  }

  private void readBody(ByteBuffer in, BodyDecoder decoder, TextSearch text) {
    try {
      for (int n = decoder.next(in); n != BodyDecoder.MORE; n = decoder.next(in)) {
        if (n == BodyDecoder.END) {
          fail(missing());
          return;
        }
        int looked = Math.min(n, left);
        left -= looked;
        if (text.find(in, looked)) {
          pass();
          return;
        }
        if (left == 0) {
          fail(missing() + " within its first " + MAX_BODY / 1024 + " KiB");
          return;
        }
      }
    } catch (FramingException e) {
      fail("the answer is malformed: " + e.getMessage());
    }
  }

  /** The peer closed. */
  void end() {
    if (state == State.HEAD) {
      fail(
          head.length == 0 && interim == 0
              ? "the connection was closed without an answer"
              : "the connection was closed within the answer's head");
    } else if (state == State.BODY) {
      fail(
          body != null && body.endsByClose()
              ? missing()
              : "the connection was closed within the answer's body");
    }
  }

  private String statusLine() {
    String text = head.text(head.reasonFrom, head.reasonTo);
    return text.isEmpty() ? Integer.toString(head.status) : head.status + " " + shown(text);
  }

  private String missing() {
    return "the body does not contain '" + shown(check.body().orElse("")) + "'";
  }

  private static String shown(String text) {
    return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
  }

  private void pass() {
    over(true, statusLine());
  }

  private void fail(String why) {
    over(false, why);
  }

  private void over(boolean isGood, String why) {
    good = isGood;
    reason = why;
    state = State.OVER;
  }
}
