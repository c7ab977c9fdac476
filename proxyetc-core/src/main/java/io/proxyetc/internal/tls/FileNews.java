package io.proxyetc.internal.tls;

import io.proxyetc.spi.HealthEvent;
import java.time.Clock;
import java.util.function.Consumer;

/** Tells of files that changed. */
record FileNews(Consumer<HealthEvent> events, Clock clock) {
  void reloaded(String file, String detail) {
    tell(HealthEvent.Kind.CERTIFICATE_RELOADED, file, "serves new handshakes: " + detail);
  }

  /**
   * Tells of one that cannot be used.
   *
   * @param fault names the file, the fault and the remedy
   */
  void refused(String file, String fault) {
    String text = fault.startsWith(file + ": ") ? fault.substring(file.length() + 2) : fault;
    tell(HealthEvent.Kind.CERTIFICATE_REFUSED, file, text + ". The last good one serves on");
  }

  /** Tells of a certificate near its end, or past it. */
  void ends(String file, String detail) {
    tell(HealthEvent.Kind.CERTIFICATE_EXPIRES, file, detail);
  }

  private void tell(HealthEvent.Kind kind, String file, String detail) {
    events.accept(new HealthEvent(kind, file, detail, clock.instant()));
  }
}
