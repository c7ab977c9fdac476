package io.proxyetc.internal.http.respond;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** A time as text, made anew once per second only. For one thread. */
final class SecondsText {
  private final DateTimeFormatter formatter;
  private long second = Long.MIN_VALUE;
  private String text = "";

  SecondsText(DateTimeFormatter formatter, ZoneId zone) {
    this.formatter = formatter.withZone(zone);
  }

  String of(long epochMillis) {
    long wanted = Math.floorDiv(epochMillis, 1000L);
    if (wanted != second) {
      second = wanted;
      text = formatter.format(Instant.ofEpochSecond(wanted));
    }
    return text;
  }
}
