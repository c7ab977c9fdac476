package io.proxyetc.launcher;

import java.io.PrintStream;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/** Writes a record as one line, with a stack trace behind it where there is one. For any thread. */
final class LineHandler extends Handler {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneId.systemDefault());

  private final PrintStream out;
  private final Formatter messages = new SimpleFormatter();

  LineHandler(PrintStream out) {
    this.out = out;
  }

  @Override
  public void publish(LogRecord record) {
    if (!isLoggable(record)) {
      return;
    }
    String line =
        TIME.format(record.getInstant())
            + " "
            + word(record.getLevel())
            + " "
            + messages.formatMessage(record);
    synchronized (out) {
      out.println(line);
      if (record.getThrown() != null) {
        record.getThrown().printStackTrace(out);
      }
      out.flush();
    }
  }

  private static String word(Level level) {
    int value = level.intValue();
    if (value >= Level.SEVERE.intValue()) {
      return "ERROR";
    }
    if (value >= Level.WARNING.intValue()) {
      return "WARN ";
    }
    return value >= Level.INFO.intValue() ? "INFO " : "DEBUG";
  }

  @Override
  public void flush() {
    out.flush();
  }

  @Override
  public void close() {}
}
