package io.proxyetc.internal.health;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When who is probed. Of those that are due only so many are probed at once; the others have their
 * turn in the order in which they came due. For one thread; the numbers can be read by any.
 */
final class Schedule {
  private static final Logger LOG = LoggerFactory.getLogger(Schedule.class);

  /** So many begin before those that are under way have their turn. */
  private static final int STARTS_PER_TURN = 64;

  /** Whoever is so late was held up: there was too much to do, or the machine slept. */
  private static final long LATE = TimeUnit.MILLISECONDS.toNanos(500);

  private static final long FOREVER = TimeUnit.HOURS.toNanos(1);
  private static final long WARN_EVERY = TimeUnit.MINUTES.toNanos(1);

  /**
   * What it goes by.
   *
   * @param nanoTime as {@link System#nanoTime}
   * @param wall what "since" is told in
   * @param chance from 0 to 1, the latter exclusive
   * @param mostInFlight probes at once
   */
  record Settings(LongSupplier nanoTime, Clock wall, DoubleSupplier chance, int mostInFlight) {}

  private final Settings settings;
  private final TreeSet<Checked> waiting =
      new TreeSet<>(Comparator.<Checked>comparingLong(c -> c.due).thenComparingLong(c -> c.order));
  private final List<Checked> probing = new ArrayList<>();
  private long orders;
  private long nextDeadline; // of those that are PROBING; or of one that was
  private long nextTurn; // when there will be something to do
  private long warned;

  private volatile int inFlight; // one thread writes it
  private final Count probes = new Count();
  private final Count failures = new Count();
  private final Count undone = new Count();
  private final Count late = new Count();

  Schedule(Settings settings) {
    this.settings = settings;
    this.warned = settings.nanoTime.getAsLong() - WARN_EVERY;
  }

  Instant now() {
    return settings.wall.instant();
  }

  /** It is due at once. */
  void begin(Checked checked) {
    if (checked.phase == Checked.Phase.NEW) {
      await(checked, settings.nanoTime.getAsLong());
    }
  }

  /** It is not probed any more. */
  void end(Checked checked) {
    switch (checked.phase) {
      case WAITING -> waiting.remove(checked);
      case PROBING -> {
        checked.stop();
        leave(checked);
      }
      default -> {}
    }
    checked.phase = Checked.Phase.ENDED;
  }

  /**
   * Gives up what is overdue and begins what is due.
   *
   * @return how long there is nothing to do then, in nanoseconds, unless something happens
   */
  long turn() {
    long now = settings.nanoTime.getAsLong();
    if (!probing.isEmpty() && nextDeadline - now <= 0) {
      giveUpOverdue(now, now - nextTurn > LATE);
    }
    for (int i = 0; i < STARTS_PER_TURN && startable() && waiting.first().due - now <= 0; i++) {
      start(waiting.pollFirst(), now);
    }
    long wait = FOREVER;
    if (!probing.isEmpty()) {
      wait = nextDeadline - now;
    }
    if (startable()) {
      wait = Math.min(wait, waiting.first().due - now);
    }
    wait = Math.max(0, wait);
    nextTurn = now + wait;
    return wait;
  }

  private boolean startable() {
    return probing.size() < settings.mostInFlight && !waiting.isEmpty();
  }

  private void start(Checked checked, long now) {
    if (now - checked.due > LATE) {
      late.add();
    }
    probes.add();
    checked.started = now;
    checked.phase = Checked.Phase.PROBING;
    checked.place = probing.size();
    long deadline = now + checked.check().timeout().toNanos();
    if (probing.isEmpty() || deadline - nextDeadline < 0) {
      nextDeadline = deadline;
    }
    probing.add(checked);
    inFlight = probing.size();
    try {
      checked.ask();
    } catch (RuntimeException e) {
      LOG.error("health: {}: the probe failed inside the proxy", checked, e);
      if (checked.phase == Checked.Phase.PROBING) {
        checked.undone("failed inside the proxy");
      }
    }
  }

  private void giveUpOverdue(long now, boolean heldUp) {
    long next = now + FOREVER;
    for (Checked checked : List.copyOf(probing)) {
      long deadline = checked.started + checked.check().timeout().toNanos();
      if (deadline - now <= 0) {
        checked.overdue(heldUp);
      } else if (deadline - next < 0) {
        next = deadline;
      }
    }
    nextDeadline = next;
  }

  void failed() {
    failures.add();
  }

  /** The fault is on this side, most likely for all of them: told now and then. */
  void undone(Checked checked, String why) {
    undone.add();
    long now = settings.nanoTime.getAsLong();
    if (now - warned >= WARN_EVERY) {
      warned = now;
      LOG.warn(
          "health: {} could not be probed: {}; what is known of it stays, and it is tried again."
              + " Told again after a minute",
          checked,
          why);
    }
  }

  /** The probe is over. */
  void done(Checked checked, boolean first) {
    leave(checked);
    long now = settings.nanoTime.getAsLong();
    long due = checked.started + gap(checked, first);
    await(checked, due - now < 0 ? now : due);
  }

  /** From the start of a probe to that of the next. */
  private long gap(Checked checked, boolean first) {
    double chance = settings.chance.getAsDouble();
    long interval = checked.check().interval().toNanos();
    if (checked.inTransition()) {
      return (long) (interval * (0.9 + 0.2 * chance) / 4);
    }
    if (first) {
      // Thousands of addresses that come at once are spread over the interval from then on.
      return (long) (interval * (0.1 + 0.9 * chance));
    }
    // Where one failure decides, nothing makes up for a late probe.
    double more = checked.check().fall() == 1 ? 0.1 : 0.2;
    return (long) (interval * (0.9 + more * chance));
  }

  private void await(Checked checked, long due) {
    checked.phase = Checked.Phase.WAITING;
    checked.due = due;
    checked.order = orders++;
    waiting.add(checked);
  }

  private void leave(Checked checked) {
    Checked last = probing.remove(probing.size() - 1);
    if (last != checked) {
      probing.set(checked.place, last);
      last.place = checked.place;
    }
    inFlight = probing.size();
  }

  int inFlight() {
    return inFlight;
  }

  long probes() {
    return probes.get();
  }

  long failures() {
    return failures.get();
  }

  long undone() {
    return undone.get();
  }

  long late() {
    return late.get();
  }
}
