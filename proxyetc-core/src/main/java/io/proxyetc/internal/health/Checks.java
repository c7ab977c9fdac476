package io.proxyetc.internal.health;

import io.proxyetc.HealthCheck;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.target.AddressState;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The health of addresses, found out by probes. Who watches the same address under an equal check
 * shares its probes and what is known. One thread does all of it: it keeps the {@link Schedule} and
 * drives the {@link Prober}. Safe for any thread; only {@link #close} blocks.
 */
public final class Checks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Checks.class);

  /** Enough for 5,000 addresses of which a fifth swallows all it gets, asked as by default. */
  static final int MOST_IN_FLIGHT = 512;

  private static final long AFTER_FAULT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long END_MILLIS = 2_000;

  /** Who shares probes. */
  record Key(String url, TargetTls tls, HealthCheck check) {}

  private final Prober prober;
  private final Schedule schedule;
  private final Thread thread;

  /** Guarded by this, as are the counts of users. */
  private final Map<Key, Checked> known = new HashMap<>();

  /** For the health thread; at most two for each watch: that it begins, and that it ends. */
  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();

  private volatile boolean closed;

  /**
   * Starts the thread.
   *
   * @param name of the thread
   * @param prober is driven by it, and closed at the end
   */
  public Checks(String name, Prober prober) {
    this(
        name,
        prober,
        new Schedule.Settings(
            System::nanoTime,
            Clock.systemUTC(),
            new SplittableRandom()::nextDouble,
            MOST_IN_FLIGHT));
    thread.start();
  }

  /** Without its thread: a test calls {@link #turn} itself. */
  Checks(String name, Prober prober, Schedule.Settings settings) {
    this.prober = prober;
    this.schedule = new Schedule(settings);
    this.thread = new Thread(this::run, name);
    thread.setDaemon(true);
  }

  /**
   * Watches an address. It is probed at once where nobody watched it before; where somebody does,
   * the listener hears what is known. Whoever exchanges a watch for an equal one begins the new one
   * before it closes the old one, so that nothing is forgotten in between.
   *
   * @param engines makes the TLS engine for one connection: needed for https addresses and for
   *     checks of the kind TLS; those of whoever came first are used. It must not block
   * @throws IllegalArgumentException where they are missing
   */
  public Watch watch(
      AddressState address,
      HealthCheck check,
      @Nullable Supplier<SSLEngine> engines,
      Watch.Listener listener) {
    Watch watch;
    synchronized (this) {
      Key key = new Key(address.url(), address.tls(), check);
      Checked checked = known.get(key);
      if (checked == null) {
        checked = new Checked(key, prober.prepare(address, check, engines), schedule);
        known.put(key, checked);
      }
      checked.users++;
      watch = new Watch(this, checked, listener);
      Checked its = checked;
      command(
          () -> {
            schedule.begin(its);
            its.add(watch);
          });
    }
    prober.wake();
    return watch;
  }

  /** See {@link Watch#close}. */
  void end(Watch watch) {
    synchronized (this) {
      if (!watch.markClosed()) {
        return;
      }
      Checked checked = watch.checked();
      boolean last = --checked.users == 0;
      if (last) {
        known.remove(checked.key());
      }
      command(
          () -> {
            checked.remove(watch);
            if (last) {
              schedule.end(checked);
            }
          });
    }
    prober.wake();
  }

  private void command(Runnable command) {
    if (!closed) {
      commands.add(command);
    }
  }

  /** How many addresses and checks are watched, each pair once. */
  public synchronized int watched() {
    return known.size();
  }

  /** Probes under way. */
  public int inFlight() {
    return schedule.inFlight();
  }

  /** Probes that were begun. */
  public long probes() {
    return schedule.probes();
  }

  /** Probes that failed. */
  public long failures() {
    return schedule.failures();
  }

  /** Probes that could not be made, for reasons of this side such as too many open files. */
  public long undone() {
    return schedule.undone();
  }

  /**
   * Probes that began half a second late or more, since too many were under way, or the machine had
   * no time for this thread.
   */
  public long late() {
    return schedule.late();
  }

  private void run() {
    while (!closed) {
      try {
        prober.turn(turn());
      } catch (RuntimeException | Error e) {
        LOG.error("health: a turn of the probes failed; they go on", e);
        LockSupport.parkNanos(AFTER_FAULT_NANOS); // a fault that stays must not fill the disk
      }
    }
    prober.close();
  }

  /**
   * All but the prober's part.
   *
   * @return how long there is nothing else to do, in nanoseconds
   */
  long turn() {
    for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
      command.run();
    }
    return schedule.turn();
  }

  /** Ends all probes. No listener is called after it, unless it is a listener that calls it. */
  @Override
  public void close() {
    closed = true;
    prober.wake();
    if (Thread.currentThread() == thread) {
      return;
    }
    try {
      thread.join(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.warn("health: the probes do not end within {} s", END_MILLIS / 1000);
    }
  }
}
