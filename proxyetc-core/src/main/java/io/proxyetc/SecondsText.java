package io.proxyetc;

import java.math.BigDecimal;
import java.time.Duration;

/** A time in seconds, as people write it in routes and configurations. */
final class SecondsText {
  private SecondsText() {}

  /** Such as {@code 30 s} or {@code 0.5 s}. */
  static String of(Duration time) {
    BigDecimal seconds =
        BigDecimal.valueOf(time.toSeconds()).add(BigDecimal.valueOf(time.toNanosPart(), 9));
    return seconds.stripTrailingZeros().toPlainString() + " s";
  }
}
