package io.proxyetc.internal.http;

import io.proxyetc.Capacity;
import io.proxyetc.internal.http.loop.EndOfTurn;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.loop.TimerWheel.Timer;
import io.proxyetc.internal.http.respond.Failure;
import io.proxyetc.internal.target.PendingQueue;
import org.jspecify.annotations.Nullable;

/**
 * An exchange that waits for room, as all targets of its group are full. When there may be some it
 * picks again from the start. All but {@link #wake} on its IO thread.
 *
 * <pre>{@code
 * all full --> waits --wake--> picks --> has room
 *                ^               | all full
 *                \_______________/
 * }</pre>
 */
final class Waiting implements PendingQueue.Waiter {
  private final Exchange exchange;
  private final Candidates candidates;
  private final IoLoop loop;
  private final Timer timeout;
  private final Timer recovery; // a target that was ejected may be asked again
  private PendingQueue.@Nullable Place place; // null: it does not wait
  private @Nullable HttpGroup group; // where its place is
  private int signals; // of the queue, before it picked
  private boolean resting; // it does not pick just now

  Waiting(Exchange exchange, Candidates candidates, IoLoop loop) {
    this.exchange = exchange;
    this.candidates = candidates;
    this.loop = loop;
    this.timeout = loop.wheel().timer(this::onTimeout);
    this.recovery = loop.wheel().timer(this::onRecovery);
  }

  /** All targets of the group are full. */
  void enter(HttpGroup from) {
    PendingQueue.Place present = place;
    if (present == null) {
      present = join(from);
      if (present == null) {
        loop.counters().add(Counter.WAITS_REFUSED);
        exchange.fail(Failure.FULL);
        return;
      }
      if (present.first()) {
        exchange.pickAgain();
        return;
      }
    } else if (candidates.socketless() && from.watchSockets()) {
      signals = from.pending().signals();
      exchange.pickAgain(); // one may have been free before it was told
      return;
    }
    resting = true;
    recovery.set(from.nextRecovery(System.nanoTime())); // the end of an ejection is no signal
    present.stay(signals);
    if (exchange.outdated()) {
      wake(); // whoever changed the routes may not have seen it
    }
  }

  private PendingQueue.@Nullable Place join(HttpGroup from) {
    Capacity capacity = from.route().capacity();
    if (candidates.socketless()) {
      from.watchSockets();
    }
    PendingQueue joined = from.pending();
    signals = joined.signals();
    PendingQueue.Place taken = joined.join(this, capacity.pending());
    if (taken != null) {
      place = taken;
      group = from;
      candidates.waited(true);
      loop.counters().add(Counter.WAITS_BEGUN);
      if (!timeout.isSet()) {
        timeout.set(capacity.pendingTimeout().toNanos());
      }
    }
    return taken;
  }

  @Override
  public void wake() {
    loop.execute(this::pick);
  }

  private void pick() {
    HttpGroup at = group;
    if (resting && at != null) {
      resting = false;
      signals = at.pending().signals();
      candidates.restart();
      EndOfTurn.now(exchange);
    }
  }

  /** Where it goes now: a turn among those that wait is worth nothing at another group. */
  void goesTo(HttpGroup next) {
    HttpGroup at = group;
    if (at != null && at.state() == next.state()) {
      group = next;
    } else if (at != null) {
      leave();
    }
  }

  /** It has room, or wants none any more. */
  void end() {
    timeout.remove();
    recovery.remove();
    leave();
  }

  private void leave() {
    PendingQueue.Place left = place;
    HttpGroup at = group;
    if (left != null && at != null) {
      place = null;
      group = null;
      resting = false;
      candidates.waited(false);
      loop.counters().add(Counter.WAITS_ENDED);
      left.leave(() -> exchange.outdated() || at.mayHaveRoom());
    }
  }

  /** Whoever is the first may look. */
  private void onRecovery() {
    HttpGroup at = group;
    if (at != null) {
      candidates.forgive();
      at.pending().signal();
    }
  }

  private void onTimeout() {
    loop.counters().add(Counter.WAITS_TIMED_OUT);
    exchange.fail(Failure.WAITED);
  }
}
