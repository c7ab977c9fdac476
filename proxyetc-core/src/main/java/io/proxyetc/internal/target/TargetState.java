package io.proxyetc.internal.target;

import io.proxyetc.Target;
import io.proxyetc.TargetStatus;
import io.proxyetc.spi.TargetView;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The live side of a target: one per (route, group, target id, address). It outlives the snapshots
 * that name it. Safe for any thread; nothing blocks.
 *
 * <pre>
 *            retire()                 last release()
 *   LIVE ───────────────▶ RETIRING ──────────────────▶ DRAINED
 *    ▲   claims succeed        │   claims are refused     │
 *    └─────────────────────────┴──────── revive() ────────┘
 * </pre>
 *
 * One integer holds whether it is retired, whether the group's load is counted, and how much is in
 * flight, so that a claim which races {@link #retire} is either counted or refused.
 *
 * <p>Whether it is fit for a request are three questions. Is it full: a claim tells. Is it wanted:
 * its operator says so. Does it work: probes and requests tell. All that speaks against it stands
 * in one more integer, which is 0 for nearly every target at nearly any time: see {@link #suspect}.
 */
public final class TargetState implements TargetView {
  private static final int RETIRED = 1 << 31;
  private static final int LOADED = 1 << 30; // claims are counted in the group's load, too
  private static final int COUNT = LOADED - 1;

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

  private static final VarHandle CLAIMS = handle("claims", int.class);
  private static final VarHandle AGAINST = handle("against", int.class);
  private static final VarHandle TROUBLE = handle("trouble", Trouble.class);
  private static final VarHandle WARNED = handle("warned", int.class);
  private static final int WARN_SECONDS = 60;

  /** How long a moment is: 2 to the 17th nanoseconds, an eighth of a millisecond. */
  private static final int MOMENT = 17;

  private final GroupState group;
  private final AddressState address;
  private volatile Target target;
  private volatile int claims;
  private volatile int against;

  /** Failures in a row that have not led to an ejection yet. Several threads may lose some. */
  private volatile int failures;

  private volatile @Nullable Trouble trouble;
  private volatile @Nullable Rise rise;

  /** When a fault of it was told last, in seconds. */
  private volatile int warned = Integer.MIN_VALUE;

  /** How a target stands that something speaks against: the better, the earlier. */
  public enum Standing {
    /** It may be claimed. */
    FIT,
    /** It may be claimed where no other can be: it is not probed yet, or comes up slowly. */
    HELD_BACK,
    /** It may be claimed where not even one of those can be: it is ejected. */
    LAST_RESORT,
    /** It must not be claimed. */
    REFUSED
  }

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

  TargetState(GroupState group, AddressState address, Target target) {
    this.group = group;
    this.address = address;
    this.target = target;
    update(target);
  }

  /** As the newest snapshot has it: a change of weight makes no new state. */
  @Override
  public Target target() {
    return target;
  }

  /** Where its sockets are counted. */
  public AddressState address() {
    return address;
  }

  /** The group it belongs to. */
  public GroupState group() {
    return group;
  }

  /** The route that it belongs to. */
  public String routeId() {
    return group.routeId();
  }

  // ---- claim, release ----

  @Override
  public int inFlight() {
    return claims & COUNT;
  }

  /**
   * Takes a lease for one request.
   *
   * @return false once retired; else {@link #release} must follow, once
   */
  public boolean tryClaim() {
    return tryClaim(COUNT);
  }

  /**
   * Takes a lease for one request, unless so many are out.
   *
   * @return false once retired or where it is full; else {@link #release} must follow, once
   */
  public boolean tryClaim(int limit) {
    int now = claims;
    while (now >= 0 && (now & COUNT) < limit) {
      if (CLAIMS.compareAndSet(this, now, now + 1)) {
        if ((now & LOADED) != 0) {
          group.load().claimed();
        }
        return true;
      }
      now = claims;
    }
    return false;
  }

  /**
   * A claim is likely to follow: brings the memory that it needs near, while the caller goes on.
   * For an IO thread that has found a route, and has something left to do before it claims.
   */
  public void foresee() {
    int unused = claims;
  }

  /** Gives a lease back. */
  public void release() {
    int before = (int) CLAIMS.getAndAdd(this, -1);
    if ((before & (RETIRED | LOADED)) != 0) {
      released(before);
    }
  }

  private void released(int before) {
    if ((before & LOADED) != 0) {
      group.load().released();
    }
    if ((before & RETIRED) != 0 && (before & COUNT) == 1) {
      address.leftovers().add(this);
    }
  }

  /** From now on its claims count in the load of its group, those that are out included. */
  void countLoad(GroupLoad load) {
    int before = (int) CLAIMS.getAndBitwiseOr(this, LOADED);
    if ((before & LOADED) == 0) {
      load.add(before & COUNT);
    }
  }

  // ---- retire, drain ----

  /** Refuses new claims. Idempotent; gives whether it was live before. */
  public boolean retire() {
    int before = (int) CLAIMS.getAndBitwiseOr(this, RETIRED);
    if ((before & (RETIRED | COUNT)) == 0) {
      address.leftovers().add(this);
    }
    return before >= 0;
  }

  /** Whether it refuses claims for good, unless {@link #revive} follows. */
  public boolean retired() {
    return claims < 0;
  }

  /** Whether it is retired and nothing is in flight: final, unless {@link #revive} follows. */
  public boolean drained() {
    return (claims & (RETIRED | COUNT)) == RETIRED;
  }

  /** A snapshot names it again: claims succeed from here on. Idempotent. */
  void revive() {
    clear(CUT);
    CLAIMS.getAndBitwiseAnd(this, ~RETIRED);
  }

  /** What is in flight is being cut: who has claimed it but sent nothing must not begin. */
  void cut() {
    set(CUT);
  }

  /** Whether whatever is in flight has to end. */
  public boolean isCut() {
    return (against & CUT) != 0;
  }

  /**
   * A snapshot says so that is about to be live, or is refused yet: what it takes back speaks
   * against the target no more. What it has against it waits for {@link #update}, since requests
   * still go by the snapshot before, which may have no other target. The id stays.
   */
  void foretell(Target newTarget) {
    target = newTarget;
    if (newTarget.state() == Target.State.READY) {
      clear(REFUSED);
    } else if (newTarget.state() == Target.State.DRAIN && (against & DISABLED) != 0) {
      update(newTarget);
    }
  }

  /** The live snapshot says so. The id stays. */
  void update(Target newTarget) {
    target = newTarget;
    switch (newTarget.state()) {
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
  public Standing standing(long nowNanos) {
    int flags = against;
    return (flags & REFUSED) != 0 ? Standing.REFUSED : health(flags, nowNanos);
  }

  /** How it stands for a client that it has already, by a cookie. */
  public Standing standingForSticky(long nowNanos) {
    int flags = against;
    if ((flags & (DISABLED | DRAINED | CUT)) != 0 || retired()) {
      return Standing.REFUSED;
    }
    return health(flags & ~RISING, nowNanos);
  }

  private Standing health(int flags, long nowNanos) {
    if (flags == 0 || (flags & ~REFUSED) == 0) {
      return Standing.FIT;
    }
    if ((flags & UNHEALTHY) != 0 && !group.panics()) {
      return Standing.REFUSED;
    }
    if (ejected(flags, nowNanos)) {
      return Standing.LAST_RESORT;
    }
    return (flags & UNPROBED) != 0 || holdsBack(flags, nowNanos)
        ? Standing.HELD_BACK
        : Standing.FIT;
  }

  /** Whether to pass it over at first, for others that are there. */
  public boolean skipped(long nowNanos) {
    return standing(nowNanos) != Standing.FIT;
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
    if ((against & UNHEALTHY) != 0 && slowStartNanos > 0) {
      rise(nowNanos, slowStartNanos);
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

  /**
   * During a slow start a growing part of the requests is taken, beginning with a tenth. The lot
   * stands for a moment: a balancer asks, and whoever claims asks again.
   */
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
    long moment = nowNanos >> MOMENT;
    return new SplittableRandom(moment + System.identityHashCode(this)).nextDouble() >= part;
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

  // ---- others ----

  /**
   * Whether a fault of this target may be told now: at most once a minute, whichever it is.
   *
   * @param nowNanos in {@link System#nanoTime} time
   */
  public boolean mayWarn(long nowNanos) {
    int before = warned;
    int now = (int) TimeUnit.NANOSECONDS.toSeconds(nowNanos);
    return (long) now - before >= WARN_SECONDS && WARNED.compareAndSet(this, before, now);
  }

  TargetKey key() {
    return new TargetKey(group.name(), target.id(), address);
  }

  private void set(int flags) {
    AGAINST.getAndBitwiseOr(this, flags);
  }

  private void clear(int flags) {
    if ((against & flags) != 0) {
      AGAINST.getAndBitwiseAnd(this, ~flags);
    }
  }

  @Override
  public String toString() {
    return group.name() + "/" + target.id() + (claims < 0 ? " (retired)" : "");
  }

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(TargetState.class, field, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
