package io.proxyetc.internal.target;

import io.proxyetc.Target;
import io.proxyetc.spi.TargetView;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.TimeUnit;

/**
 * The live side of a target: one per (route, group, target id, address). It outlives the snapshots
 * that name it. Safe for any thread; nothing blocks.
 *
 * <p>What is in flight to it is in {@link Claims}, whether it is fit for more in {@link Fitness}:
 * all in one object, as each on a request's way may be cold memory.
 */
public final class TargetState extends Fitness implements TargetView {
  private static final VarHandle WARNED = handle();
  private static final int WARN_SECONDS = 60;

  private volatile Target target;

  /** When a fault of it was told last, in seconds. */
  private volatile int warned = Integer.MIN_VALUE;

  /** How a target stands that something speaks against: the better, the earlier. */
  public enum Standing {
    /** It may be claimed. */
    FIT,
    /** It may be claimed where no other can be: it is not probed yet. */
    HELD_BACK,
    /** It may be claimed where not even one of those can be: it is ejected. */
    LAST_RESORT,
    /** It must not be claimed. */
    REFUSED
  }

  TargetState(GroupState group, AddressState address, Target target) {
    super(group, address);
    this.target = target;
    wants(target.state());
  }

  /** As the newest snapshot has it: a change of weight makes no new state. */
  @Override
  public Target target() {
    return target;
  }

  /** The route that it belongs to. */
  public String routeId() {
    return group().routeId();
  }

  /**
   * A snapshot says so that is about to be live, or is refused yet: what it takes back speaks
   * against the target no more. What it has against it waits for {@link #update}, since requests
   * still go by the snapshot before, which may have no other target. The id stays.
   */
  void foretell(Target newTarget) {
    target = newTarget;
    foretell(newTarget.state());
  }

  /** The live snapshot says so. The id stays. */
  void update(Target newTarget) {
    target = newTarget;
    wants(newTarget.state());
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

  @Override
  void retiredAndIdle() {
    address().leftovers().add(this);
  }

  TargetKey key() {
    return new TargetKey(group().name(), target.id(), address());
  }

  @Override
  public String toString() {
    return group().name() + "/" + target.id() + (retired() ? " (retired)" : "");
  }

  private static VarHandle handle() {
    try {
      return MethodHandles.lookup().findVarHandle(TargetState.class, "warned", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }
}
