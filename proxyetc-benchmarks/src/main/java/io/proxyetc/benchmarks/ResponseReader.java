package io.proxyetc.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Finds the end of responses that carry Content-Length: all that the target sends.
 *
 * <pre>
 * HEAD --empty line--> BODY --last byte--> HEAD
 * </pre>
 */
final class ResponseReader {

  private static final int MAX_HEAD = 16 * 1024;
  private static final String LENGTH = "\r\ncontent-length:";

  private final StringBuilder head = new StringBuilder();
  private String lastHead = "";
  private long bodyLeft = -1; // -1: in the head

  /** The newest response's status line and fields, each with its line's end. */
  String head() {
    return lastHead;
  }

  /** Takes the bytes of a read; true when they end the response. */
  boolean complete(ByteBuffer bytes) {
    if (bodyLeft < 0 && !readHead(bytes)) {
      return false;
    }
    bodyLeft -= bytes.remaining();
    if (bodyLeft < 0) {
      throw new BenchmarkException("fixed rate: more bytes than Content-Length says");
    }
    if (bodyLeft > 0) {
      return false;
    }
    bodyLeft = -1;
    return true;
  }

  private boolean readHead(ByteBuffer bytes) {
    int start = Math.max(0, head.length() - 3);
    int from = bytes.position();
    int before = head.length();
    int take = Math.min(bytes.remaining(), MAX_HEAD);
    byte[] copy = new byte[take];
    bytes.get(from, copy);
    head.append(new String(copy, StandardCharsets.ISO_8859_1));
    int end = head.indexOf("\r\n\r\n", start);
    if (end < 0) {
      if (head.length() >= MAX_HEAD) {
        throw new BenchmarkException("fixed rate: a response's head has no end");
      }
      bytes.position(bytes.limit());
      return false;
    }
    bytes.position(from + end + 4 - before);
    lastHead = head.substring(0, end + 2);
    bodyLeft = contentLength(lastHead);
    head.setLength(0);
    return true;
  }

  private static long contentLength(String head) {
    if (!head.startsWith("HTTP/1.1 2")) {
      throw new BenchmarkException(
          "fixed rate: '" + head.lines().findFirst().orElse("") + "' where 2xx was expected");
    }
    int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
    if (at < 0) {
      throw new BenchmarkException("fixed rate: a response without Content-Length");
    }
    int value = at + LENGTH.length();
    return Long.parseLong(head.substring(value, head.indexOf("\r\n", value)).strip());
  }
}
