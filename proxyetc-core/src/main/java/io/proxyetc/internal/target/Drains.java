package io.proxyetc.internal.target;

import io.proxyetc.Drain;
import io.proxyetc.Target;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that what is in flight at a target that goes comes to an end. For any thread but IO
 * threads; has a thread of its own while something drains.
 *
 * <pre>
 *   retired ──────────┐                        ┌── nothing in flight: done by itself
 *   state is DRAIN ───┴──▶ waits for a deadline ┴── deadline: cut
 *   state is DISABLED, or onRemove is CLOSE ──▶ cut
 * </pre>
 */
public final class Drains implements AutoCloseable {
  private static final long IDLE_SECONDS = 10;

  /** So many are kept until their deadline even where nothing is in flight any more. */
  private static final int FEW = 64;

  /** Runs something later, by a monotonic clock. */
  @FunctionalInterface
  interface Later {
    Future<?> run(Runnable task, long nanos);
  }

  /** Who ends what is in flight; set before the first route is live. */
  private volatile Consumer<TargetState> cutter = target -> {};

  private final Later later;
  private final Runnable end;

  /** What waits for its deadline. Guarded by this. */
  private final Map<TargetState, Wait> waiting = new HashMap<>();

  /** When to look for those of which nothing is in flight any more. Guarded by this. */
  private int sweepAt = FEW;

  /** Until a deadline. */
  private final class Wait implements Runnable {
    private final TargetState target;
    private @Nullable Future<?> task; // guarded by the drains

    Wait(TargetState target) {
      this.target = target;
    }

    @Override
    public void run() {
      over(this);
    }
  }

  /**
   * @param name of the thread
   */
  public Drains(String name) {
    this(thread(name));
  }

  private Drains(ScheduledThreadPoolExecutor thread) {
    this((task, nanos) -> thread.schedule(task, nanos, TimeUnit.NANOSECONDS), thread::shutdownNow);
  }

  /** The same for tests. */
  Drains(Later later, Runnable end) {
    this.later = later;
    this.end = end;
  }

  private static ScheduledThreadPoolExecutor thread(String name) {
    ScheduledThreadPoolExecutor thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            });
    thread.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    thread.allowCoreThreadTimeOut(true);
    thread.setRemoveOnCancelPolicy(true);
    // A change that comes while the proxy closes: then all is cut anyway.
    thread.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    return thread;
  }

  /**
   * Says who ends what is in flight at a target.
   *
   * @param newCutter does it soon; must not block
   */
  public void cutWith(Consumer<TargetState> newCutter) {
    cutter = newCutter;
  }

  /**
   * These are retired, by a change of their route, or because it is gone. One that drains already
   * goes by its first deadline.
   */
  public synchronized void retired(Collection<TargetState> targets, Drain drain) {
    sweep();
    for (TargetState target : targets) {
      boolean idle = target.inFlight() == 0; // and stays so: it is retired
      if (idle || drain.onRemove() != Drain.OnRemove.DRAIN) {
        forget(target);
      } else {
        await(target, drain);
      }
      if (!idle && drain.onRemove() == Drain.OnRemove.CLOSE) {
        cut(target);
      }
    }
  }

  /** These are live, in the state that their operator wants. */
  public synchronized void live(Map<TargetState, Target> targets, Drain drain) {
    targets.forEach((target, said) -> live(target, said, drain));
  }

  private void live(TargetState target, Target said, Drain drain) {
    if (said.state() != Target.State.DRAIN) {
      forget(target);
    }
    target.update(said); // only now: nothing can cut it any more because of what it was before
    if (target.draining()) {
      await(target, drain);
    } else if (said.state() == Target.State.DISABLED && !target.isCut()) {
      cut(target);
    }
  }

  private void await(TargetState target, Drain drain) {
    if (!waiting.containsKey(target)) {
      Wait wait = new Wait(target);
      wait.task = later.run(wait, drain.deadline().toNanos());
      waiting.put(target, wait);
    }
  }

  private void forget(TargetState target) {
    Wait wait = waiting.remove(target);
    if (wait != null && wait.task != null) {
      wait.task.cancel(false);
    }
  }

  private synchronized void over(Wait wait) {
    if (waiting.remove(wait.target, wait)) { // else it was forgotten a moment ago
      wait.target.drainOver();
      cut(wait.target);
    }
  }

  /**
   * First the flag, then the count: a claim that the count does not see sees the flag, and gives
   * itself back.
   */
  private void cut(TargetState target) {
    target.cut();
    if (target.inFlight() > 0) {
      cutter.accept(target);
    }
  }

  /** Targets may come and go faster than their deadlines pass. */
  private void sweep() {
    if (waiting.size() >= sweepAt) {
      waiting.values().stream()
          .map(wait -> wait.target)
          .filter(TargetState::drained)
          .toList()
          .forEach(this::forget);
      sweepAt = Math.max(FEW, 2 * waiting.size());
    }
  }

  /** How many wait for a deadline. */
  synchronized int waiting() {
    return waiting.size();
  }

  /** Nothing is cut any more. */
  @Override
  public void close() {
    end.run();
  }
}
