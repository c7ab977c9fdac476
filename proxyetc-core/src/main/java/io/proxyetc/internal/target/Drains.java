package io.proxyetc.internal.target;

import io.proxyetc.Drain;
import io.proxyetc.Target;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

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

  /** Who ends what is in flight; set before the first route is live. */
  private volatile Consumer<TargetState> cutter = target -> {};

  private final ScheduledThreadPoolExecutor thread;

  /** What waits for its deadline. Guarded by this. */
  private final Map<TargetState, Future<?>> waiting = new HashMap<>();

  /**
   * @param name of the thread
   */
  public Drains(String name) {
    this.thread =
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
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Says who ends what is in flight at a target.
   *
   * @param newCutter does it soon; must not block
   */
  public void cutWith(Consumer<TargetState> newCutter) {
    cutter = newCutter;
  }

  /** These are retired, by a change of their route, or because it is gone. */
  public synchronized void retired(Collection<TargetState> targets, Drain drain) {
    for (TargetState target : targets) {
      forget(target);
      if (target.inFlight() == 0 || drain.onRemove() == Drain.OnRemove.KEEP) {
        continue;
      }
      if (drain.onRemove() == Drain.OnRemove.CLOSE) {
        cut(target);
      } else {
        wait(target, drain);
      }
    }
  }

  /** These are live, in the state that their operator wants. */
  public synchronized void live(Collection<TargetState> targets, Drain drain) {
    for (TargetState target : targets) {
      Target.State state = target.target().state();
      if (state == Target.State.DRAIN && !waiting.containsKey(target) && target.draining()) {
        wait(target, drain);
      } else if (state != Target.State.DRAIN && !waiting.isEmpty()) {
        forget(target);
      }
      if (state == Target.State.DISABLED && target.inFlight() > 0) {
        cut(target);
      }
    }
  }

  private void wait(TargetState target, Drain drain) {
    waiting.put(
        target,
        thread.schedule(() -> over(target), drain.deadline().toNanos(), TimeUnit.NANOSECONDS));
  }

  private void forget(TargetState target) {
    Future<?> task = waiting.remove(target);
    if (task != null) {
      task.cancel(false);
    }
  }

  private synchronized void over(TargetState target) {
    if (waiting.remove(target) != null) {
      target.drainOver();
      cut(target);
    }
  }

  private void cut(TargetState target) {
    target.cut();
    cutter.accept(target);
  }

  /** Nothing is cut any more. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
