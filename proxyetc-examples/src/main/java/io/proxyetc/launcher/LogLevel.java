package io.proxyetc.launcher;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.logging.Level;

/** How much the log tells. */
enum LogLevel {
  ERROR(Level.SEVERE),
  WARN(Level.WARNING),
  INFO(Level.INFO),
  DEBUG(Level.FINE),
  TRACE(Level.FINEST);

  private final Level level;

  LogLevel(Level level) {
    this.level = level;
  }

  /** The JDK's word for it. */
  Level jdk() {
    return level;
  }

  /** As it is written in a configuration. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** This one, unless it tells more than another. */
  LogLevel atMost(LogLevel other) {
    return compareTo(other) <= 0 ? this : other;
  }

  static List<String> words() {
    return Arrays.stream(values()).map(LogLevel::word).toList();
  }

  static LogLevel of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
