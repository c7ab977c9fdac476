package io.proxyetc.spi;

import io.proxyetc.ProxyException;
import java.time.Duration;

/**
 * How a {@link BatchingNotifier} collects and sends.
 *
 * @param quiet a batch is sent when nothing more happened for so long
 * @param longest or this long after its first event, whatever goes on happening
 * @param most how many events a batch has; the oldest are left out and counted. Also what waits
 *     while nothing can be sent
 * @param attempts how often a batch is sent at most
 * @param pause between the first attempt and the second; each further one is twice as long, up to
 *     {@link #LONGEST_PAUSE}
 * @param lastWords how long closing waits for what is still to be sent
 */
public record Batching(
    Duration quiet, Duration longest, int most, int attempts, Duration pause, Duration lastWords) {
  private static final Duration DAY = Duration.ofDays(1);

  /** However often it failed. */
  public static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /**
   * Two seconds of quiet, at most ten; 100 events; 20 attempts, which take a quarter of an hour.
   */
  public static final Batching DEFAULT =
      new Batching(
          Duration.ofSeconds(2),
          Duration.ofSeconds(10),
          100,
          20,
          Duration.ofSeconds(1),
          Duration.ofSeconds(4));

  public Batching {
    between("quiet", quiet, Duration.ZERO);
    between("longest", longest, quiet);
    between("pause", pause, Duration.ofMillis(1));
    between("lastWords", lastWords, Duration.ZERO);
    if (most < 1 || most > 10_000) {
      throw new ProxyException("batching: most: " + most + " is not between 1 and 10000");
    }
    if (attempts < 1 || attempts > 1_000) {
      throw new ProxyException("batching: attempts: " + attempts + " is not between 1 and 1000");
    }
  }

  private static void between(String name, Duration value, Duration least) {
    if (value.compareTo(least) < 0 || value.compareTo(DAY) > 0) {
      throw new ProxyException(
          "batching: " + name + ": " + value + " is not between " + least + " and " + DAY);
    }
  }

  /** The same with other times of collecting. */
  public Batching collecting(Duration newQuiet, Duration newLongest) {
    return new Batching(newQuiet, newLongest, most, attempts, pause, lastWords);
  }

  /** The same with another number of attempts. */
  public Batching attempts(int number) {
    return new Batching(quiet, longest, most, number, pause, lastWords);
  }

  /** Before the attempt after this many. */
  Duration pauseAfter(int failed) {
    long times = 1L << Math.min(failed - 1, 20);
    Duration doubled = pause.multipliedBy(times);
    return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
  }
}
