package io.proxyetc.internal.http;

import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.relay.RealClient;
import io.proxyetc.internal.target.TargetState;
import org.jspecify.annotations.Nullable;

/**
 * Where a request may go: the targets of a group one after the other, in the order of its balancer.
 * It is also the request as that balancer sees it, so that a request makes one object for both. All
 * on one IO thread.
 *
 * <pre>{@code
 * pick --> ejected, not probed yet: kept as the last resort --> pick ...
 *   |  \-> unhealthy, unwanted, full, retired, has just failed --> pick ...
 *   |   \-> claimed
 *   v
 * none left --> one was full: wait for it
 *          \--> a retry: once more from the start
 *           \-> else: the last resort
 * }</pre>
 */
final class Candidates extends RequestFacts {
  private int candidate; // the balancer's attempt
  private int previous = -1; // what it gave the last time
  private int retries;
  private @Nullable TargetState failed; // the last one that did
  private boolean full; // one of those that were asked is
  private boolean socketless; // for want of a connection
  private boolean waited; // it need not stand back for those that wait
  private boolean secondRound; // this retry has asked the balancer from the start again

  Candidates(Downstream downstream, RealClient clients) {
    super(downstream, clients);
  }

  @Override
  public int previous() {
    return previous;
  }

  /**
   * Claims the next one. Gives null when there is none.
   *
   * @param retry whether the one before has failed
   */
  @Nullable TargetState claim(HttpGroup from, boolean retry) {
    TargetState lastResort = null;
    TargetState again = null;
    for (int i = pick(from, retry); i >= 0; i = pick(from, retry)) {
      TargetState next = from.target(i);
      if (next.suspect()) {
        TargetState.Standing standing = next.standing(System.nanoTime());
        if (standing == TargetState.Standing.LAST_RESORT) {
          lastResort = lastResort == null ? next : lastResort;
        }
        if (standing != TargetState.Standing.FIT) {
          continue;
        }
      }
      if (next == failed) {
        again = next;
      } else if (take(next, from)) {
        return next;
      }
    }
    if (again != null && !full && take(again, from)) {
      return again;
    }
    boolean last = !retry && (failed == null || !full);
    return lastResort != null && last && take(lastResort, from) ? lastResort : null;
  }

  private boolean take(TargetState target, HttpGroup from) {
    boolean taken = target.tryClaim(from.maxRequests(), waited);
    full |= !taken && !target.retired();
    return taken;
  }

  /** Whether a target would do that has as many requests, or connections, as it may have. */
  boolean full() {
    return full;
  }

  /** One that was claimed has as many connections as it may have. */
  void noSocket() {
    full = true;
    socketless = true;
  }

  /** Whether a target would do that has as many connections as it may have. */
  boolean socketless() {
    return socketless;
  }

  /** Whether the request has its turn among those that wait for room at this group. */
  void waited(boolean now) {
    waited = now;
  }

  /**
   * The next candidate; a retry that has been at all of them starts over, once; not where one was
   * full: then it is better to wait for that than to ask again where it failed.
   */
  private int pick(HttpGroup from, boolean retry) {
    int i = ask(from);
    if (i < 0 && retry && !secondRound && !full) {
      secondRound = true;
      restart();
      i = ask(from);
    }
    previous = i;
    return i;
  }

  /** As often as there are targets: a balancer that names the same one again would never end. */
  private int ask(HttpGroup from) {
    return candidate < from.size() ? from.picker().pick(this, candidate++) : -1;
  }

  /** Whether one more may be tried, of so many in all behind the first. */
  boolean mayRetry(int most) {
    return retries < most;
  }

  /**
   * One more is tried than the one that has failed, which is asked again only if no other is there.
   */
  void retry(@Nullable TargetState hasFailed) {
    failed = hasFailed;
    retries++;
    secondRound = false;
  }

  /** The balancer is asked from the start. */
  void restart() {
    candidate = 0;
    previous = -1;
    full = false;
    socketless = false;
  }
}
