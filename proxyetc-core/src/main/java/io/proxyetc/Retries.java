package io.proxyetc;

import java.time.Duration;
import java.util.Set;

/**
 * What happens to a request whose target fails. Whatever stands here, a request is repeated only
 * where nothing of it was sent, or where it is idempotent, its body was not consumed, and no byte
 * of a response has gone out.
 *
 * @param attempts how many further attempts a request gets; 0 to 10
 * @param perTry how long one attempt may take from its last byte sent until the response begins;
 *     zero: as long as the response time-out. A request that cannot be repeated, or would not be
 *     after a time-out, goes by the response time-out alone
 * @param budget how many retries a group may cause in percent of its requests, beside ten in each
 *     second (and a hundred at once), so that an outage is not multiplied. Where a connection is
 *     refused no target has had any work of it: the first time it does not count
 * @param on the faults that are retried
 * @param statuses the answers that are retried, 500 to 599; the last attempt's answer goes to the
 *     client whatever it is
 */
public record Retries(
    int attempts, Duration perTry, int budget, Set<On> on, Set<Integer> statuses) {

  /** A fault that may be retried. */
  public enum On {
    /** No connection. */
    CONNECT,
    /** The connection broke before the response began. */
    RESET,
    /** The response did not begin in time. */
    TIMEOUT
  }

  /** 2 attempts, no time of their own, 20 %, after a failed connect or a broken connection. */
  public static final Retries DEFAULT =
      new Retries(2, Duration.ZERO, 20, Set.of(On.CONNECT, On.RESET), Set.of());

  public Retries {
    Bounds.check("attempts", attempts, 0, 10);
    Bounds.check("perTry", perTry, Duration.ofMillis(100), Duration.ofDays(1), true);
    Bounds.check("budget", budget, 0, 100);
    on = Set.copyOf(on);
    statuses = Set.copyOf(statuses);
    statuses.forEach(status -> Bounds.check("statuses", status, 500, 599));
  }

  /** The same with another number of attempts. */
  public Retries withAttempts(int newAttempts) {
    return new Retries(newAttempts, perTry, budget, on, statuses);
  }
}
