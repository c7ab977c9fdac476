package io.proxyetc.internal.http.respond;

import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.FieldId;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.message.HeadSink;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An answer of the proxy's own: short, as plain text or as a problem document (RFC 9457) for a
 * client that takes JSON. It is made first and written then, so that what it sends can be counted
 * before the connection goes on to its next request. They are rare, so clarity comes before cost.
 */
public final class Answer {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

  private record Field(String name, String value) {}

  private final int status;
  private final byte[] body;
  private final boolean bodySent;
  private final List<Field> fields = new ArrayList<>();

  private Answer(Head request, int status, byte[] body) {
    this.status = status;
    this.body = body;
    this.bodySent = !request.methodIs("HEAD") && body.length > 0;
    with("Date", DATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
  }

  /** To a request that failed. */
  public static Answer of(Head request, Failure failure) {
    return of(request, failure, 1);
  }

  /**
   * The same.
   *
   * @param retrySeconds after which trying again may help, where it may
   */
  public static Answer of(Head request, Failure failure, long retrySeconds) {
    Answer answer = of(request, failure.status(), failure.text());
    return failure.retryAfter() ? answer.with("Retry-After", String.valueOf(retrySeconds)) : answer;
  }

  /** A status and a sentence. */
  public static Answer of(Head request, int status, String text) {
    String reason = reason(status);
    boolean json = wantsJson(request);
    String content =
        json
            ? "{\"title\":\""
                + reason
                + "\",\"status\":"
                + status
                + ",\"detail\":\""
                + escape(text)
                + "\"}\n"
            : status + " " + reason + ". " + text + "\n";
    Answer answer =
        new Answer(request, status, content.getBytes(StandardCharsets.UTF_8))
            .with("Content-Type", json ? "application/problem+json" : "text/plain; charset=utf-8")
            .with("Cache-Control", "no-store");
    return status == 405
        ? answer.with("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
        : answer;
  }

  /** Leads to the same place over https. */
  public static Answer redirect(Head request, String location) {
    boolean simple = request.methodIs("GET") || request.methodIs("HEAD");
    return new Answer(request, simple ? 301 : 308, new byte[0]).with("Location", encoded(location));
  }

  private Answer with(String name, String value) {
    fields.add(new Field(name, value));
    return this;
  }

  public int status() {
    return status;
  }

  /** How many bytes of body are sent. */
  public int bytes() {
    return bodySent ? body.length : 0;
  }

  /** Writes it, and ends the response. */
  public void write(Downstream to) throws IOException {
    byte[] reason = ascii(reason(status));
    HeadSink head = to.response(status, reason, 0, reason.length);
    for (Field field : fields) {
      head.field(ascii(field.name()), ascii(field.value()));
    }
    to.commit(body.length, bodySent);
    if (bodySent) {
      to.piece(ByteBuffer.wrap(body), false);
    }
    to.end(null);
  }

  /** A client may send bytes as they are, but a URI has none beyond ASCII (RFC 3986, section 2). */
  private static String encoded(String location) {
    StringBuilder uri = new StringBuilder(location.length());
    for (byte b : location.getBytes(StandardCharsets.ISO_8859_1)) {
      if (b > ' ' && b < 0x7f) {
        uri.append((char) b);
      } else {
        uri.append(String.format("%%%02X", b));
      }
    }
    return uri.toString();
  }

  private static boolean wantsJson(Head request) {
    int i = request.find(FieldId.ACCEPT, 0);
    return i >= 0 && request.value(i).toLowerCase(Locale.ROOT).contains("json");
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** The usual reason phrase. */
  static String reason(int status) {
    return switch (status) {
      case 301 -> "Moved Permanently";
      case 308 -> "Permanent Redirect";
      case 400 -> "Bad Request";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 417 -> "Expectation Failed";
      case 431 -> "Request Header Fields Too Large";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      case 505 -> "HTTP Version Not Supported";
      case 508 -> "Loop Detected";
      default -> "Error";
    };
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
