package io.proxyetc.internal.target;

import io.proxyetc.Target;
import io.proxyetc.TargetStatus;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Whether a target is fit for a request. That is three questions. Is it full: a claim tells. Is it
 * wanted: its operator says so. Does it work: probes and requests tell. All that speaks against it
 * stands in one integer, which is 0 for nearly every target at nearly any time: see {@link
 * #suspect}. Safe for any thread; nothing blocks.
 */
abstract class Fitness extends Claims {
  // What speaks against it.
  private static final int UNHEALTHY = 1; // by its probes
  private static final int UNPROBED = 2; // its first probe is not done
  private static final int DRAINING = 4; // by its operator: no new clients
  private static final int DRAINED = 8; // by its operator, and its time is over
  private static final int DISABLED = 16; // by its operator
  private static final int EJECTED = 32; // by what requests met with
  private static final int RISING = 64; // it came up, and gets its share by and by
  private static final int CUT = 128; // what was in flight when it had to go was cut
  private static final int REFUSED = DRAINING | DRAINED | DISABLED | CUT;

  private static final VarHandle AGAINST = handle("against", int.class);
  private static final VarHandle TROUBLE = handle("trouble", Trouble.class);

  private volatile int against;

  /** Failures in a row that have not led to an ejection yet. Several threads may lose some. */
  private volatile int failures;

  private volatile @Nullable Trouble trouble;
  private volatile @Nullable Rise rise;
  private volatile boolean toldDown;

  /**
   * It failed, and has not answered since.
   *
   * @param untilNanos it is ejected until then
   * @param ejections in a row
   * @param told whether people were told: not of what their operator does not want to serve
   */
  private record Trouble(long untilNanos, int ejections, boolean told) {}

  /** It came up then, and has its full share after so long. */
  private record Rise(long sinceNanos, long lengthNanos) {}

  Fitness(GroupState group, AddressState address) {
    super(group, address);
  }

  // ---- by its operator ----

  /** Its operator takes back what he had against it; what else he wants waits. */
  final void foretell(Target.State state) {
    if (state == Target.State.READY) {
      clear(REFUSED);
    } else if (state == Target.State.DRAIN && (against & DISABLED) != 0) {
      wants(state);
    }
  }

  /** What its operator wants of it. */
  final void wants(Target.State state) {
    switch (state) {
      case READY -> clear(REFUSED);
      case DRAIN -> {
        set(DRAINING);
        // Where its time is over, what was in flight is cut, however often its route changes.
        clear((against & DRAINED) == 0 ? DISABLED | CUT : DISABLED);
      }
      case DISABLED -> {
        set(DISABLED);
        clear(DRAINING | DRAINED);
      }
    }
  }

  /** A snapshot names it again: claims succeed from here on. Idempotent. */
  void revive() {
    clear(CUT);
    unretire();
  }

  /** What is in flight is being cut: who has claimed it but sent nothing must not begin. */
  void cut() {
    set(CUT);
  }

  /** Whether whatever is in flight has to end. */
  public boolean isCut() {
    return (against & CUT) != 0;
  }

  /** Its operator drains it, and its time is over: what it kept until now goes. */
  public void drainOver() {
    if ((against & DRAINING) != 0) {
      set(DRAINED);
    }
  }

  /** Whether its operator wants it to go, but lets it keep the clients that it has. */
  public boolean draining() {
    return (against & REFUSED) == DRAINING;
  }

  // ---- is it fit ----

  /** Whether anything speaks against it: only then {@link #standing} needs to be asked. */
  public boolean suspect() {
    return against != 0;
  }

  /**
   * How it stands for a new client.
   *
   * @param nowNanos in {@link System#nanoTime} time
   */
  public TargetState.Standing standing(long nowNanos) {
    int flags = against;
    return (flags & REFUSED) != 0 ? TargetState.Standing.REFUSED : health(flags, nowNanos);
  }

  /**
   * How it stands for a client that it has already, by a cookie. A slow start is for new ones, and
   * what was not probed yet is no reason to leave it: after a start all would be spread anew.
   */
  public TargetState.Standing standingForSticky(long nowNanos) {
    int flags = against;
    if ((flags & (DISABLED | DRAINED | CUT)) != 0 || retired()) {
      return TargetState.Standing.REFUSED;
    }
    return health(flags & ~(RISING | UNPROBED), nowNanos);
  }

  private TargetState.Standing health(int flags, long nowNanos) {
    if (flags == 0 || (flags & ~REFUSED) == 0) {
      return TargetState.Standing.FIT;
    }
    if ((flags & UNHEALTHY) != 0 && !group().panics()) {
      return TargetState.Standing.REFUSED;
    }
    if (ejected(flags, nowNanos)) {
      return TargetState.Standing.LAST_RESORT;
    }
    return (flags & UNPROBED) != 0 ? TargetState.Standing.HELD_BACK : TargetState.Standing.FIT;
  }

  /**
   * Whether a pick passes it over at first, for others that are there. During a slow start that is
   * a matter of chance: so a pick asks once, and nobody after it.
   */
  public boolean skipped(long nowNanos) {
    return standing(nowNanos) != TargetState.Standing.FIT || holdsBack(against, nowNanos);
  }

  /** Whether it is wanted and works, as far as anybody knows: what is shown to people. */
  public boolean serves() {
    return (against & (REFUSED | UNHEALTHY)) == 0 && trouble == null && !retired();
  }

  /** What is observed of it: without probes it is UNKNOWN as long as no request fails at it. */
  public TargetStatus.Observed observed(boolean probes) {
    int flags = against;
    if ((flags & UNHEALTHY) != 0 || trouble != null) {
      return TargetStatus.Observed.UNHEALTHY;
    }
    return probes && (flags & UNPROBED) == 0
        ? TargetStatus.Observed.HEALTHY
        : TargetStatus.Observed.UNKNOWN;
  }

  /** Whether its operator wants it to get traffic. */
  public boolean wanted() {
    return (against & REFUSED) == 0;
  }

  // ---- by its probes ----

  /** Its first probe is to come. */
  public void unprobed(boolean down) {
    set(down ? UNHEALTHY : UNPROBED);
  }

  /**
   * What its probes say.
   *
   * @param nowNanos in {@link System#nanoTime} time
   * @param slowStartNanos how long it takes to get its full share where it comes up; 0: none
   */
  public void probed(boolean healthy, long nowNanos, long slowStartNanos) {
    if (!healthy) {
      set(UNHEALTHY);
      clear(UNPROBED);
      return;
    }
    if ((against & UNHEALTHY) != 0) {
      worked(); // what requests met with was the same outage
      if (slowStartNanos > 0) {
        rise(nowNanos, slowStartNanos);
      }
    }
    clear(UNHEALTHY | UNPROBED);
  }

  /** Nobody probes it any more. */
  public void unwatched() {
    clear(UNHEALTHY | UNPROBED);
  }

  /** Whether its probes say that it works, or nobody asks. */
  public boolean healthy() {
    return (against & (UNHEALTHY | UNPROBED)) == 0;
  }

  /** It works again: it gets its full share after so long, and a growing one until then. */
  public void rise(long nowNanos, long lengthNanos) {
    rise = new Rise(nowNanos, lengthNanos);
    set(RISING);
  }

  /** During a slow start a growing part of the requests is taken, beginning with a tenth. */
  private boolean holdsBack(int flags, long nowNanos) {
    Rise rising = rise;
    if ((flags & RISING) == 0 || rising == null) {
      return false;
    }
    double part = 0.1 + 0.9 * (nowNanos - rising.sinceNanos()) / rising.lengthNanos();
    if (part >= 1) {
      clear(RISING);
      return false;
    }
    return ThreadLocalRandom.current().nextDouble() >= part;
  }

  // ---- by what requests met with ----

  /**
   * A request failed at it. Of one that was ejected and has not answered since, the row goes on.
   *
   * @param most so many in a row eject it; 1: this one does; 0: none does
   * @return whether it is to be ejected now: {@link #eject} follows
   */
  public boolean failed(int most) {
    int now = failures + 1; // a count that is lost in a race is made up for by the next
    failures = now;
    return most > 0 && (now >= most || trouble != null);
  }

  /**
   * Ejects it, for twice as long each time in a row. Nothing happens while it is ejected already:
   * that is the same outage.
   *
   * @param allowed whether it may be passed over; else it is only noted that it is in trouble
   * @return whether that is news for people
   */
  public boolean eject(long nowNanos, long firstNanos, long longestNanos, boolean allowed) {
    Trouble before = trouble;
    if (before != null && nowNanos - before.untilNanos() < 0) {
      return false;
    }
    boolean toldBefore = before != null && before.told();
    boolean tell = !toldBefore && wanted() && !retired();
    if (before != null && !allowed && !tell) {
      return false; // all of that is noted
    }
    int ejections = before == null ? 0 : before.ejections();
    long length = Math.min(firstNanos << Math.min(ejections, 20), longestNanos);
    Trouble now =
        allowed
            ? new Trouble(nowNanos + Math.max(0, length), ejections + 1, toldBefore || tell)
            : new Trouble(nowNanos, ejections, toldBefore || tell);
    // Whoever loses this race saw the same outage.
    if (!TROUBLE.compareAndSet(this, before, now)) {
      return false;
    }
    failures = 0;
    set(EJECTED);
    return tell;
  }

  /**
   * A request was answered: forgets the failed ones.
   *
   * @return whether it was in trouble
   */
  public boolean worked() {
    if (failures != 0) {
      failures = 0;
    }
    return trouble != null && recovered();
  }

  private boolean recovered() {
    Trouble before = trouble;
    boolean mine = before != null && TROUBLE.compareAndSet(this, before, null);
    if (mine) {
      clearEjected();
    }
    return mine;
  }

  /** Whether it is ejected now. */
  public boolean ejected(long nowNanos) {
    return ejected(against, nowNanos);
  }

  /** For how long it is ejected from now on, in nanoseconds; 0: it is not. */
  public long ejectedFor(long nowNanos) {
    Trouble current = trouble;
    return current == null ? 0 : Math.max(0, current.untilNanos() - nowNanos);
  }

  private boolean ejected(int flags, long nowNanos) {
    if ((flags & EJECTED) == 0) {
      return false;
    }
    Trouble current = trouble;
    if (current == null) {
      clearEjected(); // it was set a moment after somebody found that it works
      return false;
    }
    return nowNanos - current.untilNanos() < 0;
  }

  /** Whoever found that it works may be overtaken by somebody who finds that it does not. */
  private void clearEjected() {
    clear(EJECTED);
    if (trouble != null) {
      set(EJECTED);
    }
  }

  /** Whether a request failed at it, and none was answered since. */
  public boolean inTrouble() {
    return trouble != null;
  }

  /** Whether people were told that requests fail at it, and nothing since. */
  public boolean toldDown() {
    return toldDown;
  }

  /** Whoever tells them says so, under the group's lock. */
  public void toldDown(boolean now) {
    toldDown = now;
  }

  private void set(int flags) {
    AGAINST.getAndBitwiseOr(this, flags);
  }

  private void clear(int flags) {
    if ((against & flags) != 0) {
      AGAINST.getAndBitwiseAnd(this, ~flags);
      roomier();
    }
  }

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(Fitness.class, field, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
