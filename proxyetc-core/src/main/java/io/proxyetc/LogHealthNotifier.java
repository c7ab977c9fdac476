package io.proxyetc;

import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthNotifier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes each event to the log, as one line: what is bad as a warning, everything else as
 * information. A proxy without any notifier has this one.
 */
public final class LogHealthNotifier implements HealthNotifier {
  private static final Logger log = LoggerFactory.getLogger(LogHealthNotifier.class);

  /** Another one; there is nothing to set. */
  public LogHealthNotifier() {}

  @Override
  public void notify(HealthEvent event) {
    if (event.kind().severity() == HealthEvent.Severity.BAD) {
      log.warn("{}", event.line());
    } else {
      log.info("{}", event.line());
    }
  }
}
