package io.proxyetc.internal.http.loop;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;

/**
 * A coarse timer wheel of one IO thread: steps of 100 ms on monotonic time. Setting a {@link Timer}
 * again and again costs a store each: the timer stays in the slot where it is and is moved on only
 * when that slot comes round. Without timers nothing ticks.
 */
public final class TimerWheel {
  static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int SLOTS = 1024; // about 102 s; later deadlines go round again
  private static final int MASK = SLOTS - 1;

  private final XnioExecutor thread;
  private final Timer[] slots = new Timer[SLOTS]; // heads of rings
  private final long origin = System.nanoTime();
  private long step; // the last step that was handled
  private int linked;
  private boolean ticking;

  TimerWheel(XnioExecutor thread) {
    this.thread = thread;
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = Timer.ring();
    }
  }

  /** The step that now belongs to. */
  private long currentStep() {
    return (System.nanoTime() - origin) / STEP_NANOS;
  }

  void schedule(Timer timer, long nanos) {
    if (!ticking) {
      step = currentStep();
      ticking = true;
      tickLater();
    }
    // One step more, as the present one is partly over: never early, at most 200 ms late.
    long deadline = step + nanos / STEP_NANOS + 2;
    timer.deadline = deadline;
    if (timer.slotStep == Timer.UNLINKED) {
      link(timer, deadline);
    } else if (deadline < timer.slotStep) {
      timer.unlink();
      linked--;
      link(timer, deadline);
    }
  }

  private void link(Timer timer, long deadline) {
    long slotStep = Math.min(deadline, step + SLOTS - 1);
    timer.slotStep = slotStep;
    timer.linkBefore(slots[(int) slotStep & MASK]);
    linked++;
  }

  private void tickLater() {
    try {
      thread.executeAfter(this::tick, 100, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      ticking = false; // the thread is ending, and all that had deadlines with it
    }
  }

  private void tick() {
    long now = currentStep();
    while (step < now && linked > 0) {
      step++;
      expire(slots[(int) step & MASK]);
    }
    step = now;
    if (linked > 0) {
      tickLater();
    } else {
      ticking = false;
    }
  }

  private void expire(Timer ring) {
    // Timers that stay set go to other slots, so this one becomes empty.
    for (Timer timer = ring.next(); timer != ring; timer = ring.next()) {
      timer.unlink();
      linked--;
      if (timer.deadline > step) {
        if (timer.deadline != Timer.NEVER) {
          link(timer, timer.deadline);
        }
      } else {
        timer.deadline = Timer.NEVER;
        timer.fire();
      }
    }
  }

  /** For tests: how many timers stand in the wheel. */
  int linked() {
    return linked;
  }

  /** What happens at a deadline. */
  @FunctionalInterface
  public interface Action {
    /** Called once per deadline, on the timer's IO thread. Must not throw. */
    void onTimeout();
  }

  /** A deadline that can be set, moved and cancelled cheaply. Only for its own IO thread. */
  public static final class Timer {
    static final long UNLINKED = -1;
    static final long NEVER = Long.MAX_VALUE;

    private final @Nullable TimerWheel wheel;
    private final Action action;
    private long deadline = NEVER; // in steps
    private long slotStep = UNLINKED; // the step of the slot it stands in
    private Timer previous = this;
    private Timer next = this;

    private Timer(@Nullable TimerWheel wheel, Action action) {
      this.wheel = wheel;
      this.action = action;
    }

    private static Timer ring() {
      return new Timer(null, () -> {});
    }

    /** Sets the deadline, in place of the one before; zero or less: none. */
    public void set(long nanos) {
      if (nanos <= 0) {
        cancel();
      } else if (wheel != null) {
        wheel.schedule(this, nanos);
      }
    }

    /** Takes the deadline back. */
    public void cancel() {
      deadline = NEVER;
    }

    /** Takes the deadline back for good: the wheel forgets the timer at once. */
    public void remove() {
      deadline = NEVER;
      if (slotStep != UNLINKED && wheel != null) {
        unlink();
        wheel.linked--;
      }
    }

    /** Whether a deadline is set. */
    public boolean isSet() {
      return deadline != NEVER;
    }

    private void fire() {
      action.onTimeout();
    }

    private Timer next() {
      return next;
    }

    private void linkBefore(Timer ring) {
      previous = ring.previous;
      next = ring;
      previous.next = this;
      ring.previous = this;
    }

    private void unlink() {
      previous.next = next;
      next.previous = previous;
      previous = this;
      next = this;
      slotStep = UNLINKED;
    }
  }

  /** A timer without a deadline yet. */
  public Timer timer(Action action) {
    return new Timer(this, action);
  }
}
