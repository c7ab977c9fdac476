package io.proxyetc;

import java.time.Duration;
import java.util.Set;

/**
 * When the requests themselves show that a target does not work: it is ejected, which means that it
 * comes last for a while. Nothing is asked that users did not ask.
 *
 * @param failures so many requests in a row that got no answer (broken off, timed out) or one of
 *     {@link #statuses} eject a target; 0: none do. A connect that fails ejects at once, and so
 *     does one more failure of a target that was ejected and has answered nothing since
 * @param statuses answers that count as failures, 500 to 599; empty: none
 * @param time how long, the first time; twice as long each further time in a row
 * @param maxTime how long at most
 * @param share the largest part of a group's targets that may be ejected at once, in percent of
 *     those that are ready and have a weight; the last one that works otherwise is never ejected
 */
public record Ejection(
    int failures, Set<Integer> statuses, Duration time, Duration maxTime, int share) {
  /** 5 in a row, no status, 2 s up to 60 s, half of the group. */
  public static final Ejection DEFAULT =
      new Ejection(5, Set.of(), Duration.ofSeconds(2), Duration.ofSeconds(60), 50);

  public Ejection {
    Bounds.check("failures", failures, 0, 1_000);
    statuses = Set.copyOf(statuses);
    statuses.forEach(status -> Bounds.check("statuses", status, 500, 599));
    Duration most = Duration.ofHours(1);
    Bounds.check("time", time, Duration.ofMillis(100), most, false);
    Bounds.check("maxTime", maxTime, time, most, false);
    Bounds.check("share", share, 0, 100);
  }
}
