package io.proxyetc.internal.health;

import io.proxyetc.HealthCheck;
import io.proxyetc.internal.health.Watch.State;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An address under one check: what is known of it, and where it stands in the {@link Schedule}.
 *
 * <pre>{@code
 * WAITING (until due) --> PROBING --outcome, time-out--> WAITING      any --> ENDED
 * }</pre>
 *
 * What can be read by any thread says so; all else belongs to the health thread.
 */
final class Checked implements Prober.Outcome {
  enum Phase {
    NEW,
    WAITING,
    PROBING,
    ENDED
  }

  /** What holds, since when, and what the probe got that decided it. */
  record Standing(State state, Instant since, String why) {}

  private static final String ASSUMED = "not probed yet";

  private final Checks.Key key;
  private final HealthCheck check;
  private final Prober.Question question;
  private final Schedule schedule;
  private final Tally tally;
  private final Set<Watch> watches = new LinkedHashSet<>();
  private Prober.@Nullable Probe probe;
  Phase phase = Phase.NEW;
  long due; // while WAITING
  long order; // among those that are due at the same time
  long started; // of the probe under way, or of the last one
  int place; // among those that are PROBING

  // Written by the health thread, read by any.
  private volatile Standing standing;
  private volatile String reason = ASSUMED;
  private final Count probes = new Count();
  private final Count failures = new Count();

  /** How many watches there are. Under the lock of {@link Checks}. */
  int users;

  Checked(Checks.Key key, Prober.Question question, Schedule schedule) {
    this.key = key;
    this.check = key.check();
    this.question = question;
    this.schedule = schedule;
    this.tally = new Tally(key.check());
    this.standing = new Standing(tally.state(), schedule.now(), ASSUMED);
  }

  /** Any thread. */
  Standing standing() {
    return standing;
  }

  /** Any thread. */
  String reason() {
    return reason;
  }

  /** Any thread. */
  long probes() {
    return probes.get();
  }

  /** Any thread. */
  long failures() {
    return failures.get();
  }

  Checks.Key key() {
    return key;
  }

  HealthCheck check() {
    return check;
  }

  boolean inTransition() {
    return tally.inTransition();
  }

  /** Whether no probe lies behind it. */
  boolean first() {
    return probes.get() == 0;
  }

  void add(Watch watch) {
    watches.add(watch);
    Standing now = standing;
    if (now.state != State.UNKNOWN) {
      watch.tell(now.state == State.HEALTHY, now.why);
    }
  }

  void remove(Watch watch) {
    watches.remove(watch);
  }

  void ask() {
    Prober.Probe begun = question.ask(this);
    if (phase == Phase.PROBING) {
      probe = begun;
    }
  }

  /**
   * Its time is over.
   *
   * @param heldUp whether that may be since nobody looked at it for a while
   */
  void overdue(boolean heldUp) {
    String waitedFor = stop();
    if (heldUp) {
      undone("the proxy itself was held up");
    } else {
      failed(waitedFor + " within " + text(check.timeout()));
    }
  }

  /** Ends the probe that may be under way. */
  String stop() {
    Prober.Probe late = probe;
    probe = null;
    return late == null ? "no answer" : late.giveUp();
  }

  @Override
  public void passed(String answer) {
    done(true, answer);
  }

  @Override
  public void failed(String why) {
    failures.add();
    schedule.failed();
    done(false, why);
  }

  @Override
  public void undone(String why) {
    probe = null;
    reason = why;
    schedule.undone(this, why);
    schedule.done(this, first());
  }

  private void done(boolean passed, String what) {
    probe = null;
    if (!what.equals(reason)) {
      reason = what;
    }
    boolean first = first();
    probes.add();
    boolean edge = tally.count(passed);
    schedule.done(this, first);
    if (edge) {
      standing = new Standing(tally.state(), schedule.now(), what);
      watches.forEach(watch -> watch.tell(passed, what));
    }
  }

  private static String text(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  /** For messages. */
  @Override
  public String toString() {
    return key.url() + " (" + check.describe() + ")";
  }
}
