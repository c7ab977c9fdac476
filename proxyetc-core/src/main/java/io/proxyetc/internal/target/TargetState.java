package io.proxyetc.internal.target;

import io.proxyetc.Target;
import io.proxyetc.spi.TargetView;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
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
 * One integer holds both whether it is retired and how much is in flight, so that a claim which
 * races {@link #retire} is either counted or refused.
 */
public final class TargetState implements TargetView {
  private static final int RETIRED = 1 << 31;
  private static final long FIRST_SKIP = TimeUnit.SECONDS.toNanos(2);
  private static final long LONGEST_SKIP = TimeUnit.SECONDS.toNanos(10);
  private static final VarHandle CLAIMS = handle("claims", int.class);
  private static final VarHandle SKIP = handle("skip", Skip.class);

  private static final VarHandle WARNED = handle("warned", int.class);
  private static final int WARN_SECONDS = 60;

  private final RouteState route;
  private final String group;
  private final AddressState address;
  private volatile Target target;
  private volatile int claims;
  private volatile @Nullable Skip skip;

  /** When a fault of it was told last, in seconds. */
  private volatile int warned = Integer.MIN_VALUE;

  /** Passed over until then, after so many failed connects in a row. */
  private record Skip(long untilNanos, int failures) {}

  TargetState(RouteState route, String group, AddressState address, Target target) {
    this.route = route;
    this.group = group;
    this.address = address;
    this.target = target;
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

  /** The name of the group it belongs to. */
  public String group() {
    return group;
  }

  @Override
  public int inFlight() {
    return claims & ~RETIRED;
  }

  /**
   * Takes a lease for one request.
   *
   * @return false once retired; else {@link #release} must follow, once
   */
  public boolean tryClaim() {
    int now = claims;
    while (now >= 0) {
      if (CLAIMS.compareAndSet(this, now, now + 1)) {
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
    if (before == (RETIRED | 1)) {
      address.leftovers().add(this);
    }
  }

  /**
   * A connect failed: the target is passed over for 2 s, twice as long after each further failure,
   * up to 10 s. Failures while it is passed over already count as the same one.
   */
  public void connectFailed(long nowNanos) {
    Skip before = skip;
    if (before != null && nowNanos - before.untilNanos() < 0) {
      return;
    }
    int failures = before == null ? 1 : before.failures() + 1;
    long length = Math.min(FIRST_SKIP << Math.min(failures - 1, 3), LONGEST_SKIP);
    // Whoever loses this race saw the same outage.
    SKIP.compareAndSet(this, before, new Skip(nowNanos + length, failures));
  }

  /** A connection stands: forgets the failed ones. */
  public void connectSucceeded() {
    if (skip != null) {
      skip = null;
    }
  }

  /** Whether to pass this target over at {@code nowNanos}, in {@link System#nanoTime} time. */
  public boolean skipped(long nowNanos) {
    Skip current = skip;
    return current != null && nowNanos - current.untilNanos() < 0;
  }

  /** Whether the last connect failed: only then {@link #skipped} needs to be asked. */
  public boolean suspect() {
    return skip != null;
  }

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

  /** Refuses new claims. Idempotent. */
  public void retire() {
    int before = (int) CLAIMS.getAndBitwiseOr(this, RETIRED);
    if (before == 0) {
      address.leftovers().add(this);
    }
  }

  /** Whether it is retired and nothing is in flight: final, unless {@link #revive} follows. */
  public boolean drained() {
    return claims == RETIRED;
  }

  /** A snapshot names it again: claims succeed from here on. Idempotent. */
  public void revive() {
    CLAIMS.getAndBitwiseAnd(this, ~RETIRED);
  }

  /** The route that it belongs to. */
  public String routeId() {
    return route.id();
  }

  RouteState route() {
    return route;
  }

  TargetKey key() {
    return new TargetKey(group, target.id(), address);
  }

  /** Under the registry's lock; the id stays. */
  void update(Target newTarget) {
    target = newTarget;
  }

  @Override
  public String toString() {
    return group + "/" + target.id() + (claims < 0 ? " (retired)" : "");
  }

  private static VarHandle handle(String field, Class<?> type) {
    try {
      return MethodHandles.lookup().findVarHandle(TargetState.class, field, type);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
