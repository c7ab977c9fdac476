package io.proxyetc.launcher;

import java.io.PrintStream;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** Writes a record as one line, with a stack trace behind it where there is one. For any thread. */
final class LineHandler extends Handler {
  private final PrintStream out;
  private final Formatter messages = new Messages();

  LineHandler(PrintStream out) {
    this.out = out;
  }

  @Override
  public void publish(LogRecord record) {
    if (!isLoggable(record)) {
      return;
    }
    String line =
        Times.FORMAT.format(record.getInstant())
            + " "
            + word(record.getLevel())
            + " "
            + messages.format(record);
    synchronized (out) {
      out.println(line);
      if (record.getThrown() != null) {
        record.getThrown().printStackTrace(out);
      }
      out.flush();
    }
  }

  /** Made when there is something to tell, since it takes a while. */
  private static final class Times {
    static final DateTimeFormatter FORMAT =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX")
            .withZone(ZoneId.systemDefault());
  }

  /** Puts parameters into messages. */
  private static final class Messages extends Formatter {
    @Override
    public String format(LogRecord record) {
      return formatMessage(record);
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
