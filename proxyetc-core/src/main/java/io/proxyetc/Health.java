package io.proxyetc;

import java.time.Duration;
import java.util.Optional;

/**
 * How it is found out which targets work, and what follows from it.
 *
 * @param check probes; empty: none, then only requests tell
 * @param ejection what requests tell
 * @param panic where less than this part of a group's targets is HEALTHY, in percent of its weight,
 *     health is ignored: better all targets than an overload of the last ones. 0: never ignored
 * @param slowStart a target that comes up gets its full share of requests only after this time, and
 *     a growing one until then; zero: at once
 */
public record Health(
    Optional<HealthCheck> check, Ejection ejection, int panic, Duration slowStart) {
  /** No probes, the default {@link Ejection}, no panic, no slow start. */
  public static final Health DEFAULT =
      new Health(Optional.empty(), Ejection.DEFAULT, 0, Duration.ZERO);

  public Health {
    Bounds.check("panic", panic, 0, 100);
    Bounds.check("slowStart", slowStart, Duration.ofMillis(100), Duration.ofHours(1), true);
  }

  /** The default with a check. */
  public static Health checked(HealthCheck check) {
    return DEFAULT.withCheck(check);
  }

  /** The same with this check. */
  public Health withCheck(HealthCheck newCheck) {
    return new Health(Optional.of(newCheck), ejection, panic, slowStart);
  }

  /** The same with another ejection. */
  public Health withEjection(Ejection newEjection) {
    return new Health(check, newEjection, panic, slowStart);
  }

  /** The same with another panic threshold. */
  public Health withPanic(int percent) {
    return new Health(check, ejection, percent, slowStart);
  }

  /** The same with another slow start. */
  public Health withSlowStart(Duration time) {
    return new Health(check, ejection, panic, time);
  }
}
