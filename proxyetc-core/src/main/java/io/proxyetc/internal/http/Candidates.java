package io.proxyetc.internal.http;

import io.proxyetc.internal.balance.BoundedPicker;
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
 *   |  \-> unhealthy, unwanted, full, retired --> pick ...
 *   |   \-> claimed
 *   v
 * none left --> a retry: once more from the start
 *           \-> else: the last resort
 * }</pre>
 */
final class Candidates extends RequestFacts {
  private int candidate; // the balancer's attempt
  private int previous = -1; // what it gave the last time
  private int retries;
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
    BoundedPicker bounded = from.picker() instanceof BoundedPicker bounds ? bounds : null;
    TargetState lastResort = null;
    TargetState full = null;
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
      if (bounded == null ? next.tryClaim() : next.tryClaim(bounded.bound(i))) {
        return next;
      }
      full = full == null ? next : full;
    }
    if (bounded != null && full != null && full.tryClaim()) {
      return full; // the count of the group lags behind: in truth somebody had room
    }
    return lastResort != null && !retry && lastResort.tryClaim() ? lastResort : null;
  }

  /** The next candidate; a retry that has been at all of them starts over, once. */
  private int pick(HttpGroup from, boolean retry) {
    int i = ask(from);
    if (i < 0 && retry && !secondRound) {
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
  boolean retry(int most) {
    if (retries >= most) {
      return false;
    }
    retries++;
    secondRound = false;
    return true;
  }

  /** The balancer is asked from the start. */
  void restart() {
    candidate = 0;
    previous = -1;
  }
}
