package io.proxyetc.internal.target;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The live side of a group of a route: where its rotation stands, its load, and whether so few of
 * its targets work that their health is ignored. It outlives the snapshots that name it. Safe for
 * any thread; what is made on demand takes a short lock, so a plan asks once and keeps it.
 */
public final class GroupState {
  private final RouteState route;
  private final String name;

  /** The next group of the same route. Under the route's lock. */
  @Nullable GroupState next;

  private @Nullable AtomicInteger cursor;
  private volatile @Nullable GroupLoad load;
  private volatile boolean panics;
  private volatile boolean toldEmpty;

  GroupState(RouteState route, String name, @Nullable GroupState next) {
    this.route = route;
    this.name = name;
    this.next = next;
  }

  /** The group's name. */
  public String name() {
    return name;
  }

  /** The route that it belongs to. */
  public String routeId() {
    return route.id();
  }

  RouteState route() {
    return route;
  }

  /** Where the rotation over its targets stands. */
  public synchronized AtomicInteger cursor() {
    if (cursor == null) {
      cursor = new AtomicInteger();
    }
    return cursor;
  }

  /** Its load; made when it is first asked for, and then counted for each target that is told. */
  public GroupLoad load() {
    GroupLoad known = load;
    return known != null ? known : newLoad();
  }

  private synchronized GroupLoad newLoad() {
    GroupLoad made = load;
    if (made == null) {
      made = new GroupLoad();
      load = made;
    }
    return made;
  }

  /** The load, with these targets counted in it. Idempotent. */
  public GroupLoad load(Iterable<TargetState> targets) {
    GroupLoad counted = load();
    targets.forEach(target -> target.countLoad(counted));
    return counted;
  }

  /** Whether its load is counted for the targets that it has: then so it has to be for new ones. */
  public boolean loaded() {
    return load != null;
  }

  /** Where a request may go has changed: whoever waits for room looks again. */
  void changed() {
    GroupLoad counted = load;
    if (counted != null) {
      counted.pending().signalAll();
    }
  }

  /** Whether the health of its targets is ignored. */
  public boolean panics() {
    return panics;
  }

  /** Whoever finds out that targets work, or do not, says whether too few do. */
  public void panics(boolean now) {
    panics = now;
    changed();
  }

  /** Whether people were told that none of its targets works, and nothing since. */
  public boolean toldEmpty() {
    return toldEmpty;
  }

  /** Whoever tells them says so, under the lock of this. */
  public void toldEmpty(boolean now) {
    toldEmpty = now;
  }

  @Override
  public String toString() {
    return route.id() + "/" + name;
  }
}
