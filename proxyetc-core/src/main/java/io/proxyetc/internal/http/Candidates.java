package io.proxyetc.internal.http;

import io.proxyetc.internal.balance.BoundedPicker;
import io.proxyetc.internal.balance.Stickiness.Place;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.HeadSink;
import io.proxyetc.internal.http.relay.RealClient;
import io.proxyetc.internal.target.TargetState;
import org.jspecify.annotations.Nullable;

/**
 * Where a request may go: the targets of a group one after the other, in the order of its balancer.
 * It is also the request as that balancer sees it, so that a request makes one object for both. All
 * on one IO thread.
 *
 * <pre>{@code
 * kept there by a cookie --> claimed
 *   |
 *   v
 * pick --> ejected, held back: the best of them is the last resort --> pick ...
 *   |  \-> unhealthy, unwanted, full, retired, has just failed --> pick ...
 *   |   \-> claimed
 *   v
 * none left --> a retry: once more from the start --> none left
 *          \--> one was full: wait for it                |
 *           \-> the one that failed, the last resort <---/
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
  private @Nullable Place kept; // where a cookie keeps the client
  private boolean keptAsked; // it has been there, or could not go there

  Candidates(Downstream downstream, RealClient clients) {
    super(downstream, clients);
  }

  @Override
  public int previous() {
    return previous;
  }

  /** The group for a request to this route: the one that its cookie says, or else the next. */
  HttpGroup group(HttpRoute route) {
    SessionCookie cookie = route.policies().session();
    Place place = cookie == null ? null : cookie.read(head());
    kept = place;
    keptAsked = false;
    return place == null ? route.nextGroup() : route.group(place.group());
  }

  /** It picks again within its group: the target that its cookie says is asked first once more. */
  void stay() {
    keptAsked = false;
  }

  /** Keeps the client at the target that answers, unless its cookie does so already. */
  void keep(@Nullable SessionCookie cookie, @Nullable TargetState answering, HeadSink head) {
    if (cookie != null && answering != null && !isKeptAt(answering)) {
      cookie.write(head, answering, secure());
    }
  }

  private boolean isKeptAt(TargetState target) {
    Place place = kept;
    return place != null && place.target() == target;
  }

  /**
   * Claims the next one. Gives null when there is none.
   *
   * @param retry whether the one before has failed
   */
  @Nullable TargetState claim(HttpGroup from, boolean retry) {
    BoundedPicker bounded = from.picker() instanceof BoundedPicker bounds ? bounds : null;
    TargetState lastResort = null;
    TargetState.Standing its = TargetState.Standing.REFUSED;
    TargetState crowded = null; // has more than its share
    TargetState again = null; // has just failed
    Place own = keptAsked ? null : kept;
    if (own != null) {
      keptAsked = true;
      its = standing(own.target());
      if (its == TargetState.Standing.FIT) {
        if (own.target() != failed && take(own.target(), from)) {
          return own.target();
        }
        its = TargetState.Standing.REFUSED; // full, or retired
      }
      lastResort = its == TargetState.Standing.REFUSED ? null : own.target();
    }
    for (int i = pick(from, retry); i >= 0; i = pick(from, retry)) {
      TargetState next = from.target(i);
      if (isKeptAt(next) && !secondRound) {
        continue; // it was asked first
      }
      TargetState.Standing standing = standing(next);
      if (standing != TargetState.Standing.FIT) {
        if (standing.compareTo(its) < 0) {
          lastResort = next;
          its = standing;
        }
      } else if (next == failed) {
        again = next;
      } else if (bounded == null) {
        if (take(next, from)) {
          return next;
        }
      } else if (next.tryClaim(Math.min(bounded.bound(i), from.maxRequests()), waited)) {
        return next;
      } else {
        crowded = crowded == null ? next : crowded;
      }
    }
    if (crowded != null && take(crowded, from)) {
      return crowded; // the count of the group lags behind: in truth somebody had room
    }
    if (full) {
      return null; // better wait for that one
    }
    if (again != null && take(again, from)) {
      return again;
    }
    return lastResort != null && take(lastResort, from) ? lastResort : null;
  }

  private boolean take(TargetState target, HttpGroup from) {
    boolean taken = target.tryClaim(from.maxRequests(), waited);
    full |= !taken && !target.retired();
    return taken;
  }

  private TargetState.Standing standing(TargetState target) {
    if (!target.suspect()) {
      return TargetState.Standing.FIT;
    }
    long now = System.nanoTime();
    return isKeptAt(target) ? target.standingForSticky(now) : target.standing(now);
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

  /** Whether none was tried again yet. */
  boolean firstRetry() {
    return retries == 0;
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

  /** The one that has failed was left in peace for as long as that takes. */
  void forgive() {
    failed = null;
  }

  /** The balancer is asked from the start. */
  void restart() {
    candidate = 0;
    previous = -1;
    full = false;
    socketless = false;
  }
}
