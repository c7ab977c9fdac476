package io.proxyetc.internal.tls;

import io.proxyetc.spi.HealthEvent;
import java.time.Clock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of files that changed: in the log, and as events. */
record FileNews(Consumer<HealthEvent> events, Clock clock) {
  private static final Logger log = LoggerFactory.getLogger(FileNews.class);

  void reloaded(String file, String detail) {
    log.info("{}: serves new handshakes: {}", file, detail);
    tell(HealthEvent.Kind.CERTIFICATE_RELOADED, file, detail);
  }

  /**
   * Tells of one that cannot be used.
   *
   * @param fault names the file, the fault and the remedy
   */
  void refused(String file, String fault) {
    log.error("{}. The last good one serves on", fault);
    tell(HealthEvent.Kind.CERTIFICATE_REFUSED, file, fault);
  }

  private void tell(HealthEvent.Kind kind, String file, String detail) {
    events.accept(new HealthEvent(kind, file, detail, clock.instant()));
  }
}
