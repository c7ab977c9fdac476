package io.proxyetc.internal.balance;

import io.proxyetc.Balancing;
import io.proxyetc.spi.Balancer;
import io.proxyetc.spi.TargetView;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A balancer that somebody else wrote. It prepares its pickers on a thread of its own, which is
 * there while it has work; what is late holds up a change of routes for a moment and not for ever.
 *
 * <pre>{@code
 * over --> ready in time: its picker
 *     |--> late: round robin until its picker is there; meanwhile nobody waits for this balancer
 *     \--> threw, gave nothing: round robin
 * }</pre>
 */
final class UserBalancer {
  /** How many groups wait for their pickers at most. */
  static final int CAPACITY = 100_000;

  private static final Duration IDLE = Duration.ofSeconds(10);

  private final Balancer balancer;
  private final Faults faults;
  private final Duration patience;
  private final ThreadPoolExecutor thread;

  /** Whether a call was waited for in vain, and is still under way or has others behind it. */
  private final AtomicBoolean behind = new AtomicBoolean();

  UserBalancer(String name, Balancer balancer, Duration patience) {
    this.balancer = balancer;
    this.faults = new Faults(name);
    this.patience = patience;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(CAPACITY),
            task -> daemon(task, "proxyetc-balancer-" + name));
    thread.allowCoreThreadTimeOut(true);
  }

  private static Thread daemon(Runnable task, String name) {
    Thread made = new Thread(task, name);
    made.setDaemon(true);
    return made;
  }

  /**
   * Its picker, or what stands in for it.
   *
   * @param standIn what picks where it does not
   */
  Balancer.Picker over(List<TargetView> targets, Balancer.Picker standIn) {
    AwaitedPicker awaited = new AwaitedPicker(standIn);
    try {
      thread.execute(() -> prepare(targets, awaited));
    } catch (RejectedExecutionException e) {
      faults.count("is too far behind: the route uses " + Balancing.ROUND_ROBIN);
      return standIn;
    }
    if (!behind.get() && !awaited.settled(patience)) {
      behind.set(true);
      faults.count(
          "did not prepare within "
              + patience.toMillis() / 1000.0
              + " s: until it has, its routes use "
              + Balancing.ROUND_ROBIN);
    }
    return awaited.now();
  }

  private void prepare(List<TargetView> targets, AwaitedPicker awaited) {
    try {
      Balancer.@Nullable Picker picker = balancer.over(targets);
      if (picker != null) {
        awaited.becomes(new GuardedPicker(picker, targets.size(), faults));
      } else {
        faults.count("gave no picker: the route uses " + Balancing.ROUND_ROBIN);
      }
    } catch (Throwable e) { // the thread is its own: nobody else is harmed
      faults.count("could not prepare: the route uses " + Balancing.ROUND_ROBIN, e);
    } finally {
      awaited.settle();
      if (thread.getQueue().isEmpty()) {
        behind.set(false);
      }
    }
  }

  long faults() {
    return faults.count();
  }

  /** Ends its thread, as far as it lets itself be interrupted. */
  void close() {
    thread.shutdownNow();
  }
}
