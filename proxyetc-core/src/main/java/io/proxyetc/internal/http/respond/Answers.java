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
import java.util.Locale;

/**
 * Answers of the proxy's own: short, as plain text or as a problem document (RFC 9457) for a client
 * that takes JSON. They are rare, so clarity comes before cost.
 */
public final class Answers {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT);

  private Answers() {}

  /** Answers a failure. */
  public static void failure(Downstream to, Failure failure) throws IOException {
    write(to, failure.status(), failure.text(), failure.retryAfter());
  }

  /** Answers with a status and a sentence, and ends the response. */
  public static void write(Downstream to, int status, String text, boolean retryAfter)
      throws IOException {
    String reason = reason(status);
    boolean json = wantsJson(to.request());
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
    byte[] body = content.getBytes(StandardCharsets.UTF_8);
    HeadSink head = begin(to, status, reason);
    head.field(
        ascii("Content-Type"),
        ascii(json ? "application/problem+json" : "text/plain; charset=utf-8"));
    head.field(ascii("Cache-Control"), ascii("no-store"));
    if (retryAfter) {
      head.field(ascii("Retry-After"), ascii("1"));
    }
    if (status == 405) {
      head.field(ascii("Allow"), ascii("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
    }
    finish(to, body);
  }

  /** Redirects to the same place over https. */
  public static void redirect(Downstream to, String location) throws IOException {
    Head request = to.request();
    boolean simple = request.methodIs("GET") || request.methodIs("HEAD");
    int status = simple ? 301 : 308;
    HeadSink head = begin(to, status, reason(status));
    head.field(ascii("Location"), ascii(encoded(location)));
    finish(to, new byte[0]);
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

  private static HeadSink begin(Downstream to, int status, String reason) {
    byte[] reasonBytes = ascii(reason);
    HeadSink head = to.response(status, reasonBytes, 0, reasonBytes.length);
    head.field(ascii("Date"), ascii(DATE.format(ZonedDateTime.now(ZoneOffset.UTC))));
    return head;
  }

  private static void finish(Downstream to, byte[] body) throws IOException {
    boolean sendBody = !to.request().methodIs("HEAD") && body.length > 0;
    to.commit(body.length, sendBody);
    if (sendBody) {
      to.piece(ByteBuffer.wrap(body), false);
    }
    to.end(null);
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
