package io.proxyetc;

import com.google.gson.stream.JsonWriter;
import io.proxyetc.spi.StoredRoute;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.zip.CRC32C;

/** Writes a file of routes. */
final class RouteFileWriter {
  private static final String CHECKSUM = ",\n  \"checksum\": \"";
  private static final String END = "\"\n}\n";

  private RouteFileWriter() {}

  static String write(long revision, Collection<StoredRoute> routes) {
    StringWriter out = new StringWriter(256 * routes.size() + 256);
    try {
      RouteWriter writer = new RouteWriter(out);
      JsonWriter json = writer.json();
      json.beginObject();
      json.name("revision").value(revision);
      json.name("routes").beginArray();
      for (StoredRoute stored : routes) {
        writer.write(stored.route());
      }
      json.endArray();
      json.name("revisions").beginObject();
      for (StoredRoute stored : routes) {
        json.name(stored.route().id()).value(stored.revision());
      }
      json.endObject();
      json.flush(); // the object is ended by hand, behind the checksum of all that is in front
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter throws none
    }
    String body = out.toString();
    return body + CHECKSUM + checksum(body) + END;
  }

  /** The part of a file that its checksum covers. */
  static String covered(String text) {
    int end = text.lastIndexOf(CHECKSUM);
    return end < 0 ? "" : text.substring(0, end);
  }

  /** Tells a file that was edited from one that was not: no protection against anybody. */
  static String checksum(String text) {
    CRC32C crc = new CRC32C();
    CharBuffer chars = CharBuffer.wrap(text);
    ByteBuffer bytes = ByteBuffer.allocate(8192);
    var encoder = StandardCharsets.UTF_8.newEncoder();
    boolean more = true;
    while (more) {
      more = encoder.encode(chars, bytes, true).isOverflow();
      crc.update(bytes.flip());
      bytes.clear();
    }
    return String.format("crc32c-%08x", crc.getValue());
  }
}
