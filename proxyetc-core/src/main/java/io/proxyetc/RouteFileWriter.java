package io.proxyetc;

import com.google.gson.stream.JsonWriter;
import io.proxyetc.spi.StoredRoute;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;
import java.util.zip.Checksum;

/** Writes a file of routes. */
final class RouteFileWriter {
  private static final String CHECKSUM = ",\n  \"checksum\": \"";
  private static final String END = "\"\n}\n";

  private RouteFileWriter() {}

  /** Writes it in UTF-8, piece by piece: the whole of it would be large beside its routes. */
  static void write(OutputStream out, long revision, Collection<StoredRoute> routes)
      throws IOException {
    try {
      writeText(out, revision, routes);
    } catch (CharacterCodingException e) {
      throw new ProxyException(
          "half a surrogate pair cannot be stored: remove it from the text", e);
    }
  }

  private static void writeText(OutputStream out, long revision, Collection<StoredRoute> routes)
      throws IOException {
    CheckedOutputStream checked = new CheckedOutputStream(out, new CRC32C());
    Writer text = new OutputStreamWriter(checked, StandardCharsets.UTF_8.newEncoder());
    RouteWriter writer = new RouteWriter(text);
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
    text.write(CHECKSUM + shown(checked.getChecksum()) + END);
    text.flush();
  }

  /** Whether a file is as it was written, by the checksum that stands in it. */
  static boolean intact(String text, String checksum) {
    return checksum.equals(checksum(text, Math.max(0, text.lastIndexOf(CHECKSUM))));
  }

  /** Tells a file that was edited from one that was not: no protection against anybody. */
  private static String checksum(String text, int end) {
    CRC32C crc = new CRC32C();
    CharBuffer chars = CharBuffer.wrap(text, 0, end);
    ByteBuffer bytes = ByteBuffer.allocate(8192);
    var encoder = StandardCharsets.UTF_8.newEncoder();
    boolean more = true;
    while (more) {
      more = encoder.encode(chars, bytes, true).isOverflow();
      crc.update(bytes.flip());
      bytes.clear();
    }
    return shown(crc);
  }

  private static String shown(Checksum crc) {
    return String.format("crc32c-%08x", crc.getValue());
  }
}
