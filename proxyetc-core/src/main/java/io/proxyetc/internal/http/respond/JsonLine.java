package io.proxyetc.internal.http.respond;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One JSON object a line, in ASCII. What is not known is left out. */
final class JsonLine implements AccessLine {
  private final SecondsText time =
      new SecondsText(
          DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT), ZoneOffset.UTC);

  @Override
  public void append(AccessEntry entry, LineBuffer to) {
    long millis = Math.floorMod(entry.epochMillis(), 1000L);
    to.ascii("{\"time\":\"").ascii(time.of(entry.epochMillis())).ascii('.');
    to.number(millis / 100).number(millis / 10 % 10).number(millis % 10).ascii("Z\"");
    text(to, "client", entry.client());
    text(to, "method", entry.method());
    text(to, "uri", entry.uri());
    text(to, "protocol", entry.protocol());
    to.ascii(",\"status\":").number(entry.status());
    to.ascii(",\"bytes\":").number(entry.bytes());
    text(to, "referer", entry.referer());
    text(to, "userAgent", entry.userAgent());
    to.ascii(",\"seconds\":").seconds(entry.nanos());
    text(to, "target", entry.target());
    text(to, "route", entry.route());
    text(to, "id", entry.requestId());
    to.ascii("}\n");
  }

  private static void text(LineBuffer to, String name, @Nullable String value) {
    if (value != null) {
      to.ascii(",\"")
          .ascii(name)
          .ascii("\":\"")
          .escaped(value, LineBuffer.Escape.JSON, ' ')
          .ascii('"');
    }
  }
}
