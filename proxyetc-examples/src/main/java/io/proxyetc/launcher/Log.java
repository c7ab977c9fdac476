package io.proxyetc.launcher;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** The log: the JDK's own, on standard error, one line per record. It needs no file of its own. */
final class Log {
  private Log() {}

  /** Before anything logs: chooses the log manager and writes to standard error. */
  static void install() {
    System.setProperty("java.util.logging.manager", Manager.class.getName());
    System.setProperty("org.jboss.logging.provider", "jdk");
    Logger.getLogger("").addHandler(new LineHandler(System.err));
    level(LogLevel.INFO);
  }

  /** How much is told from now on. */
  static void level(LogLevel level) {
    Logger.getLogger("").setLevel(level.jdk());
    Level ofLibraries = level == LogLevel.INFO ? Level.WARNING : level.jdk();
    Libraries.LOGGERS.forEach(logger -> logger.setLevel(ofLibraries));
  }

  /**
   * What these tell about themselves while they start is of use to nobody but us. Held here, since
   * the JDK forgets the level of a logger that nobody holds.
   */
  private static final class Libraries {
    static final List<Logger> LOGGERS =
        Stream.of("org.xnio", "org.jboss", "io.undertow").map(Logger::getLogger).toList();
  }

  /**
   * The JDK's own manager takes its handlers away as soon as the JVM begins to end, so that what is
   * told while the proxy drains would be lost. It also reads a file that is not needed.
   */
  public static final class Manager extends LogManager {
    @Override
    public void reset() {}

    @Override
    public void readConfiguration() {}
  }
}
