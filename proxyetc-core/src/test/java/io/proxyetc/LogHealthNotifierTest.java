package io.proxyetc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthEvent.Kind;
import io.proxyetc.testkit.HeardLog;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LogHealthNotifierTest {
  private static final Instant AT = Instant.parse("2030-01-01T10:00:06.5Z");

  private final LogHealthNotifier notifier = new LogHealthNotifier();

  @Test
  void anEventIsOneLineAtALevelThatFits() {
    try (HeardLog log = HeardLog.open()) {
      notifier.notify(
          new HealthEvent(
              Kind.TARGET_DOWN, "http://a:1", "2 of 3 still serve", AT.minusSeconds(6), AT));
      notifier.notify(new HealthEvent(Kind.TARGET_UP, "http://a:1", "", AT));
      assertEquals(
          1,
          log.lines(
                  "WARN",
                  "target down: http://a:1: 2 of 3 still serve (since 2030-01-01T10:00:00Z)")
              .size());
      assertEquals(1, log.lines("INFO", "target up: http://a:1").size());
    }
  }

  @Test
  void aNameWithALineEndForgesNoLine() {
    try (HeardLog log = HeardLog.open()) {
      notifier.notify(new HealthEvent(Kind.SWITCHED, "a\r\nERROR b\u2028c", "d\ne\u001b[31m", AT));
      assertEquals(1, log.lines("switched: a  ERROR b c: d e [31m").size());
    }
  }

  @Test
  void aStateBeganBeforeItWasNoticedEvenWhenTheClockWasSetBack() {
    assertEquals(AT, new HealthEvent(Kind.TARGET_UP, "a", "", AT.plusSeconds(9), AT).since());
  }
}
