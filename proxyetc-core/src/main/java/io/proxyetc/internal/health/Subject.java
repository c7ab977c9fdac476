package io.proxyetc.internal.health;

import io.proxyetc.spi.HealthEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;

/**
 * One thing that events tell of, from its first trouble on.
 *
 * <pre>{@code
 * told --too many changes--> held back --quiet--> told
 * }</pre>
 *
 * Times are those of a monotonic clock, in nanoseconds. Guarded by its owner's lock.
 */
final class Subject {
  private record Change(long nanos, Instant at) {}

  private final Damping damping;
  private final ArrayDeque<Change> recent = new ArrayDeque<>();
  private HealthEvent last;
  private long changedAt;
  private long heldBack;
  private boolean held;

  Subject(Damping damping, HealthEvent first, long now) {
    this.damping = damping;
    this.last = first;
    changed(first, now);
  }

  HealthEvent.State state() {
    return last.kind().state().orElseThrow();
  }

  boolean held() {
    return held;
  }

  /** Takes note of another state, and gives what is to be told of it. */
  Verdict change(HealthEvent event, long now) {
    changed(event, now);
    if (held) {
      heldBack++;
      return Verdict.NONE;
    }
    if (recent.size() <= damping.changes()) {
      return Verdict.ITSELF;
    }
    held = true;
    heldBack = 0;
    return Verdict.FLAPPING;
  }

  private void changed(HealthEvent event, long now) {
    last = event;
    changedAt = now;
    recent.add(new Change(now, event.at()));
    while (recent.size() > damping.changes() + 1
        || now - recent.getFirst().nanos() > damping.window().toNanos()) {
      recent.remove();
    }
  }

  /** Instead of the last change. */
  HealthEvent flapping() {
    Instant since = recent.getFirst().at();
    String text =
        "changed "
            + recent.size()
            + " times within "
            + text(Duration.between(since, last.at()))
            + ", last: "
            + last.kind().words()
            + (last.detail().isEmpty() ? "" : " (" + last.detail() + ")")
            + "; it is told of again when it has stayed as it is for "
            + text(damping.quiet());
    return new HealthEvent(HealthEvent.Kind.FLAPPING, last.subject(), text, since, last.at());
  }

  /** Nanoseconds until it has been quiet for long enough; 0 or less: it has. */
  long untilQuiet(long now) {
    return changedAt + damping.quiet().toNanos() - now;
  }

  /** Whether nothing that happened still counts. */
  boolean old(long now) {
    return !held && now - changedAt > damping.window().toNanos();
  }

  /** Where it has come to rest. */
  HealthEvent settled() {
    held = false;
    recent.clear();
    String text =
        "it has stayed so for "
            + text(damping.quiet())
            + (heldBack == 0 ? "" : ", after " + heldBack + " more changes that were not told");
    return last.withDetail(last.detail().isEmpty() ? text : last.detail() + "; " + text);
  }

  private static String text(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
  }

  /** What is told of a change. */
  enum Verdict {
    /** Nothing. */
    NONE,
    /** The change. */
    ITSELF,
    /** That there are too many. */
    FLAPPING
  }
}
