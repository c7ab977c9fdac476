package io.proxyetc.internal.http;

import io.proxyetc.ProxyException;
import io.proxyetc.Retries;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.respond.Failure;
import io.proxyetc.internal.target.TargetState;
import org.jspecify.annotations.Nullable;

/**
 * Whether a request gets another attempt: where that is safe ({@link Upstream#repeatable}), by the
 * conditions of its route, by how many it had, and by the budget of its group. Nothing here costs a
 * request that does not fail. All on the request's IO thread.
 */
final class Retrying {
  private Retrying() {}

  /**
   * Takes another attempt after a failure; false: there is none.
   *
   * @param refused whether the target took not even the connection: then it had no work of it, and
   *     the first time that costs no budget
   */
  static boolean take(
      HttpGroup group,
      Upstream upstream,
      Candidates candidates,
      IoLoop loop,
      Failure failure,
      boolean refused) {
    Retries retries = upstream.policies().retries();
    if (!upstream.repeatable()
        || !covers(retries, failure)
        || !candidates.mayRetry(retries.attempts())) {
      return false;
    }
    if (refused && candidates.firstRetry()) {
      loop.counters().add(Counter.RETRIES);
    } else if (!afford(retries, group, loop)) {
      return false;
    }
    candidates.retry(upstream.target());
    return true;
  }

  /**
   * Takes another attempt after an answer with this status, and claims the target for it at once:
   * without one, that answer is the best there is.
   *
   * @return null: there is none, or none to ask
   */
  static @Nullable TargetState claimOther(
      HttpGroup group, Upstream upstream, Candidates candidates, IoLoop loop, int status) {
    Retries retries = upstream.policies().retries();
    if (!retries.statuses().contains(status)
        || !upstream.repeatable()
        || !candidates.mayRetry(retries.attempts())) {
      return null;
    }
    candidates.retry(upstream.target());
    TargetState other;
    try {
      other = candidates.claim(group, true);
    } catch (ProxyException e) { // the balancer's fault, counted already
      return null;
    }
    if (other != null && !afford(retries, group, loop)) {
      other.release();
      return null;
    }
    return other;
  }

  /** Whether the request would get another attempt if the target did not answer in time. */
  static boolean afterTimeout(Upstream upstream, Candidates candidates) {
    Retries retries = upstream.policies().retries();
    return upstream.repeatable()
        && covers(retries, Failure.RESPONSE_TIMEOUT)
        && candidates.mayRetry(retries.attempts());
  }

  private static boolean covers(Retries retries, Failure failure) {
    return switch (failure) {
      case UNREACHABLE, CONNECT_TIMEOUT -> retries.on().contains(Retries.On.CONNECT);
      case BROKEN -> retries.on().contains(Retries.On.RESET);
      case RESPONSE_TIMEOUT -> retries.on().contains(Retries.On.TIMEOUT);
      default -> false;
    };
  }

  /** Takes a retry out of the budget of a group, and counts it, or that there is none. */
  private static boolean afford(Retries retries, HttpGroup group, IoLoop loop) {
    boolean afforded = group.meter(loop.meters()).takeRetry(retries.budget());
    loop.counters().add(afforded ? Counter.RETRIES : Counter.RETRIES_REFUSED);
    return afforded;
  }
}
