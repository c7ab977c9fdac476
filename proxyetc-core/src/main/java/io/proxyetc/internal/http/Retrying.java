package io.proxyetc.internal.http;

import io.proxyetc.Retries;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.respond.Failure;

/**
 * Whether a request gets another attempt, as far as its route has a say: its conditions, how many
 * it had, the group's budget. Whether that would be safe is for {@link Upstream#repeatable} to say.
 * Nothing here costs a request that does not fail.
 */
final class Retrying {
  private Retrying() {}

  /** Whether a failure is one of those that the route retries. */
  static boolean covers(Retries retries, Failure failure) {
    return switch (failure) {
      case UNREACHABLE, CONNECT_TIMEOUT -> retries.on().contains(Retries.On.CONNECT);
      case BROKEN -> retries.on().contains(Retries.On.RESET);
      case RESPONSE_TIMEOUT -> retries.on().contains(Retries.On.TIMEOUT);
      default -> false;
    };
  }

  /** Whether the request has an attempt left that a time-out would lead to. */
  static boolean afterTimeout(Retries retries, Candidates candidates) {
    return covers(retries, Failure.RESPONSE_TIMEOUT) && candidates.mayRetry(retries.attempts());
  }

  /** Takes a retry out of the budget of a group, and counts it or that there is none. */
  static boolean afford(Retries retries, HttpGroup group, IoLoop loop) {
    boolean afforded = group.meter(loop.meters()).takeRetry(retries.budget());
    loop.counters().add(afforded ? Counter.RETRIES : Counter.RETRIES_REFUSED);
    return afforded;
  }
}
