package io.proxyetc.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Reads heads and bodies from a connection, strictly and byte-exactly. One thread at a time. */
final class WireReader {
  /** More than any test wants to see in one piece; what goes beyond is counted but not kept. */
  private static final int MAX_RAW = 4 << 20;

  private final InputStream in;
  private final byte[] buffer = new byte[16 * 1024];
  private int position;
  private int limit;
  private @Nullable End end;
  private final ByteArrayOutputStream raw = new ByteArrayOutputStream();
  private final AtomicLong received = new AtomicLong();

  WireReader(InputStream in) {
    this.in = in;
  }

  /** All bytes so far. Safe for any thread. */
  String raw() {
    synchronized (raw) {
      return Wire.text(raw.toByteArray());
    }
  }

  /** How many bytes came so far. Safe for any thread. */
  long received() {
    return received.get();
  }

  /** How the connection ended; null while it has not. */
  @Nullable End end() {
    return end;
  }

  /**
   * The next byte, or -1 at the end of the connection.
   *
   * @throws SocketTimeoutException after the socket's time-out
   */
  int read() throws SocketTimeoutException {
    return position < limit || fill() ? buffer[position++] & 0xff : -1;
  }

  /** Some bytes: at least one, or -1 at the end of the connection. */
  int read(byte[] target) throws SocketTimeoutException {
    if (position == limit && !fill()) {
      return -1;
    }
    int n = Math.min(target.length, limit - position);
    System.arraycopy(buffer, position, target, 0, n);
    position += n;
    return n;
  }

  private boolean fill() throws SocketTimeoutException {
    if (end != null) {
      return false;
    }
    int n;
    try {
      n = in.read(buffer);
    } catch (SocketTimeoutException e) {
      throw e;
    } catch (IOException e) {
      end = End.RST;
      return false;
    }
    if (n < 0) {
      end = End.FIN;
      return false;
    }
    position = 0;
    limit = n;
    received.addAndGet(n);
    synchronized (raw) {
      raw.write(buffer, 0, Math.min(n, MAX_RAW - Math.min(MAX_RAW, raw.size())));
    }
    return true;
  }

  /** Everything up to and with an empty line; what came before the end where it ends earlier. */
  String readHead() throws SocketTimeoutException {
    StringBuilder head = new StringBuilder();
    int c = read();
    while (c >= 0) {
      head.append((char) c);
      if (c == '\n' && (endsWith(head, "\r\n\r\n") || endsWith(head, "\n\n"))) {
        break;
      }
      c = read();
    }
    return head.toString();
  }

  /** A line with its end; what came before the end of the connection where it ends earlier. */
  String readLine() throws SocketTimeoutException {
    StringBuilder line = new StringBuilder();
    int c = read();
    while (c >= 0) {
      line.append((char) c);
      if (c == '\n') {
        break;
      }
      c = read();
    }
    return line.toString();
  }

  /** So many bytes; fewer at the end of the connection. */
  String readExactly(long count) throws SocketTimeoutException {
    StringBuilder out = new StringBuilder((int) count);
    while (out.length() < count && (position < limit || fill())) {
      append(out, (int) Math.min(count - out.length(), limit - position));
    }
    return out.toString();
  }

  private void append(StringBuilder out, int count) {
    out.append(new String(buffer, position, count, StandardCharsets.ISO_8859_1));
    position += count;
  }

  /** Everything up to the end of the connection. */
  String readAll() throws SocketTimeoutException {
    StringBuilder out = new StringBuilder();
    while (position < limit || fill()) {
      append(out, limit - position);
    }
    return out.toString();
  }

  /**
   * The next chunk's data, empty for the last one.
   *
   * @return null where the connection ended within the chunk
   * @throws AssertionError where its framing is not exactly that of RFC 9112, section 7.1
   */
  @Nullable String readChunk() throws SocketTimeoutException {
    String line = readLine();
    if (!line.endsWith("\n")) {
      return null;
    }
    if (!line.matches("[0-9a-fA-F]{1,8}(;[^\r\n]*)?\r\n")) {
      throw new AssertionError("no chunk size: '" + Wire.show(line) + "'");
    }
    int size = Integer.parseInt(line.split("[;\r]", 2)[0], 16);
    if (size == 0) {
      return "";
    }
    String data = readExactly(size);
    String crlf = data.length() == size ? readExactly(2) : "";
    if (crlf.length() < 2) {
      return null;
    }
    if (!crlf.equals("\r\n")) {
      throw new AssertionError("'" + Wire.show(crlf) + "' behind a chunk's data");
    }
    return data;
  }

  /** The trailer fields behind the last chunk; null where the connection ended within. */
  @Nullable List<Field> readTrailers() throws SocketTimeoutException {
    List<String> lines = new ArrayList<>();
    String line = readLine();
    while (!line.equals("\r\n")) {
      if (!line.endsWith("\r\n")) {
        return null;
      }
      lines.add(line.substring(0, line.length() - 2));
      line = readLine();
    }
    List<String> faults = new ArrayList<>();
    List<Field> fields = Field.parse(lines.toArray(String[]::new), 0, faults);
    if (!faults.isEmpty()) {
      throw new AssertionError("trailers: " + faults);
    }
    return fields;
  }

  private static boolean endsWith(StringBuilder text, String suffix) {
    return text.length() >= suffix.length()
        && text.indexOf(suffix, text.length() - suffix.length()) >= 0;
  }
}
