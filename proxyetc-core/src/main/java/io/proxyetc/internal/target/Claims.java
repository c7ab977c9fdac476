package io.proxyetc.internal.target;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The leases of a target: one for each request in flight to it. Safe for any thread; nothing
 * blocks.
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
 */
abstract class Claims {
  private static final int RETIRED = 1 << 31;
  private static final int LOADED = 1 << 30; // claims are counted in the group's load, too
  private static final int COUNT = LOADED - 1;

  private static final VarHandle CLAIMS = handle();

  private final GroupState group;
  private final AddressState address;
  private volatile int claims;

  Claims(GroupState group, AddressState address) {
    this.group = group;
    this.address = address;
  }

  /** Where its sockets are counted. */
  public AddressState address() {
    return address;
  }

  /** The group it belongs to. */
  public GroupState group() {
    return group;
  }

  /** Leases that are out. */
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
    return tryClaim(limit, false);
  }

  /**
   * The same for a request that may have waited for room: others must not overtake.
   *
   * @param waited whether it has
   */
  public boolean tryClaim(int limit, boolean waited) {
    int now = claims;
    while (now >= 0 && (now & COUNT) < limit) {
      if ((now & LOADED) != 0 && !waited && group.load().pending().awaited()) {
        return false;
      }
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
      released(before, true);
    }
  }

  /** Gives back a lease that was of no use, as there is no room for it: nobody else has any. */
  public void releaseUnused() {
    int before = (int) CLAIMS.getAndAdd(this, -1);
    if ((before & (RETIRED | LOADED)) != 0) {
      released(before, false);
    }
  }

  private void released(int before, boolean room) {
    if ((before & LOADED) != 0) {
      group.load().released(room);
    }
    if ((before & RETIRED) != 0 && (before & COUNT) == 1) {
      retiredAndIdle();
    }
  }

  /** From now on its claims count in the load of its group, those that are out included. */
  void countLoad(GroupLoad load) {
    int before = (int) CLAIMS.getAndBitwiseOr(this, LOADED);
    if ((before & LOADED) == 0) {
      load.add(before & COUNT);
    }
  }

  /** Refuses new claims. Idempotent; gives whether it was live before. */
  public boolean retire() {
    int before = (int) CLAIMS.getAndBitwiseOr(this, RETIRED);
    if ((before & (RETIRED | COUNT)) == 0) {
      retiredAndIdle();
    }
    return before >= 0;
  }

  /** Whether it refuses claims for good, unless {@link Fitness#revive} follows. */
  public boolean retired() {
    return claims < 0;
  }

  /**
   * Whether it is retired and nothing is in flight: final, unless {@link Fitness#revive} follows.
   */
  public boolean drained() {
    return (claims & (RETIRED | COUNT)) == RETIRED;
  }

  /** Claims succeed from here on. Idempotent. */
  void unretire() {
    CLAIMS.getAndBitwiseAnd(this, ~RETIRED);
    roomier();
  }

  /** It is retired and nothing is in flight any more: the registry may free it. */
  abstract void retiredAndIdle();

  /** It may take requests that it did not take before. */
  void roomier() {
    if ((claims & LOADED) != 0) {
      group.changed();
    }
  }

  private static VarHandle handle() {
    try {
      return MethodHandles.lookup().findVarHandle(Claims.class, "claims", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
