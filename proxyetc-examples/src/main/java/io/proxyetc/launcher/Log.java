package io.proxyetc.launcher;

import java.util.logging.LogManager;
import java.util.logging.Logger;

/** The log: the JDK's own, on standard error, one line per record. It needs no file of its own. */
final class Log {
  private Log() {}

  /** Before anything logs: chooses the log manager and writes to standard error. */
  static void install() {
    System.setProperty("java.util.logging.manager", Manager.class.getName());
    System.setProperty("org.jboss.logging.provider", "jdk");
    Logger.getLogger("").addHandler(new LineHandler(System.err));
    levels(LogLevel.INFO, LogLevel.WARN);
  }

  /**
   * How much is told from now on.
   *
   * @param own by the proxy itself
   * @param libraries by all others, the JDK included: what they tell is of use to few
   */
  static void levels(LogLevel own, LogLevel libraries) {
    Own.LOGGER.setLevel(own.jdk());
    Logger.getLogger("").setLevel(libraries.jdk());
  }

  /** Held here, since the JDK forgets the level of a logger that nobody holds. */
  private static final class Own {
    static final Logger LOGGER = Logger.getLogger("io.proxyetc");
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
