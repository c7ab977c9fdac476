package io.proxyetc.launcher;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** How long this JVM has been there. */
final class Uptime {
  private Uptime() {}

  /** Such as {@code 0.43 s}; to 10 ms, which is what operating systems tell. */
  static String text() {
    Instant start = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    return String.format(
        Locale.ROOT, "%.2f s", Duration.between(start, Instant.now()).toMillis() / 1000.0);
  }
}
