package io.proxyetc.mail;

import io.proxyetc.spi.HealthBatch;
import io.proxyetc.spi.HealthEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a mail says. Subjects and details come from routes and servers: they stay in their line, and
 * are text in HTML, too.
 *
 * @param machine that sends it
 * @param zone of the times
 */
record MailText(HealthBatch batch, String machine, ZoneId zone) {
  private static final int LONGEST_SUBJECT = 150;
  private static final int LONGEST_FIELD = 1_000;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT);

  /** One event is named; of several it says how many of which kind there are. */
  String subject(String prefix) {
    String text =
        batch.events().size() == 1 && batch.more() == 0
            ? title(batch.events().get(0))
            : count(batch.events().size() + batch.more()) + ": " + kinds();
    return cut((prefix + " " + text).strip(), LONGEST_SUBJECT);
  }

  private String kinds() {
    Map<HealthEvent.Kind, Long> counts =
        batch.events().stream()
            .collect(
                Collectors.groupingBy(
                    HealthEvent::kind, LinkedHashMap::new, Collectors.counting()));
    return counts.entrySet().stream()
        .map(each -> each.getValue() + " " + each.getKey().words())
        .collect(Collectors.joining(", "));
  }

  /** The text part. */
  String plain() {
    StringBuilder out = new StringBuilder();
    for (HealthEvent event : batch.events()) {
      out.append(title(event)).append('\n');
      if (!event.detail().isEmpty()) {
        out.append("    ").append(line(event.detail())).append('\n');
      }
      out.append("    ").append(when(event)).append("\n\n");
    }
    if (batch.more() > 0) {
      out.append(leftOut()).append("\n\n");
    }
    return out.append("-- \n").append(signature()).append('\n').toString();
  }

  /** The HTML part: tables and colours that mail programs know. */
  String html() {
    StringBuilder out =
        new StringBuilder(
            "<!DOCTYPE html><html><body style=\"font-family:sans-serif;font-size:14px\">");
    for (HealthEvent event : batch.events()) {
      out.append("<p style=\"margin:0 0 14px;padding-left:10px;border-left:4px solid ")
          .append(colour(event.kind().severity()))
          .append("\"><b>")
          .append(escaped(title(event)))
          .append("</b><br>");
      if (!event.detail().isEmpty()) {
        out.append(escaped(line(event.detail()))).append("<br>");
      }
      out.append("<span style=\"color:#666\">").append(escaped(when(event))).append("</span></p>");
    }
    if (batch.more() > 0) {
      out.append("<p>").append(escaped(leftOut())).append("</p>");
    }
    return out.append("<p style=\"color:#666\">")
        .append(escaped(signature()))
        .append("</p></body></html>")
        .toString();
  }

  private static String title(HealthEvent event) {
    return event.kind().words() + ": " + line(event.subject());
  }

  private String when(HealthEvent event) {
    String since = "since " + time(event.since());
    Duration later = Duration.between(event.since(), event.at());
    if (later.toSeconds() < 1) {
      return event.kind().state().isPresent() ? since : "at " + time(event.at());
    }
    return since + ", noticed at " + time(event.at());
  }

  private String time(Instant instant) {
    return TIME.format(instant.atZone(zone));
  }

  private String leftOut() {
    return (batch.more() == 1 ? "1 earlier event is" : batch.more() + " earlier events are")
        + " not listed here, since there were too many or an earlier mail could not be sent: see the"
        + " proxy's log.";
  }

  private String signature() {
    return "proxyetc on " + machine;
  }

  private static String count(long events) {
    return events == 1 ? "1 event" : events + " events";
  }

  private static String colour(HealthEvent.Severity severity) {
    return switch (severity) {
      case BAD -> "#c62828";
      case GOOD -> "#2e7d32";
      case NOTE -> "#757575";
    };
  }

  /** In one line, whatever it holds. */
  private static String line(String text) {
    return cut(text, LONGEST_FIELD).replaceAll("[\\p{Cc}\\u2028\\u2029]", " ");
  }

  /** Not in the middle of a character. */
  private static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = longest - 1;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
