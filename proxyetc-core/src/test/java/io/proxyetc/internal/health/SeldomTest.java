package io.proxyetc.internal.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A fault of each of thousands of events does not fill the log. */
class SeldomTest {
  private static final long START = Long.MAX_VALUE - 1; // a monotonic clock may overflow

  private final Seldom seldom = new Seldom();

  private long after(int seconds) {
    return seldom.occurred(START + TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void theFirstIsLoggedAndThenOneAMinuteThatTellsOfTheOthers() {
    assertEquals(0, after(0));
    assertEquals(-1, after(1));
    assertEquals(-1, after(59));
    assertEquals(2, after(60));
    assertEquals(-1, after(61));
    assertEquals(1, after(200));
    assertEquals(0, after(300));
  }
}
