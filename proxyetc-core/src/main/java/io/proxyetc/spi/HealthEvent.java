package io.proxyetc.spi;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that changed, and that an operator may want to hear of.
 *
 * @param kind what
 * @param subject which: a target, a group, a route, a store, a certificate file. Events of one
 *     subject follow each other: whoever publishes names it the same way each time
 * @param detail a sentence for people: what happened, and what that means, such as what still
 *     serves
 * @param since when the state began that the event tells of, by the wall clock: that of a target
 *     which is down begins with the first probe that failed. Not after {@code at}
 * @param at when it was noticed, by the wall clock
 */
public record HealthEvent(Kind kind, String subject, String detail, Instant since, Instant at) {
  public HealthEvent {
    if (since.isAfter(at)) {
      since = at; // the wall clock was set back in between
    }
  }

  /** What began when it was noticed. */
  public HealthEvent(Kind kind, String subject, String detail, Instant at) {
    this(kind, subject, detail, at, at);
  }

  /** What is noticed now, and begins now. */
  public static HealthEvent now(Kind kind, String subject, String detail) {
    return new HealthEvent(kind, subject, detail, Instant.now());
  }

  /** The same with another sentence. */
  public HealthEvent withDetail(String text) {
    return new HealthEvent(kind, subject, text, since, at);
  }

  /**
   * One line for people: what, which, the sentence, and since when. Line ends and other control
   * characters, which a name may bring along, are replaced by spaces.
   */
  public String line() {
    StringBuilder line = new StringBuilder(kind.words()).append(": ").append(subject);
    if (!detail.isEmpty()) {
      line.append(": ").append(detail);
    }
    if (!since.equals(at)) {
      line.append(" (since ").append(since.truncatedTo(ChronoUnit.SECONDS)).append(')');
    }
    for (int i = 0; i < line.length(); i++) {
      if (breaks(line.charAt(i))) {
        line.setCharAt(i, ' ');
      }
    }
    return line.toString();
  }

  private static boolean breaks(char c) {
    return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
  }

  /** How people take an event. */
  public enum Severity {
    /** Something is as it should be again. */
    GOOD,
    /** It goes as it was told to. */
    NOTE,
    /** Somebody should look. */
    BAD
  }

  /**
   * What changed. Kinds that have a {@link #state} tell where their subject is now; notifiers hear
   * of them only when that is somewhere else than before. The others tell what happened once, and
   * are all told.
   */
  public enum Kind {
    /** A target gets no more traffic, since it does not answer as it should. */
    TARGET_DOWN(Severity.BAD, State.TROUBLED),
    /** A target that was down is back. */
    TARGET_UP(Severity.GOOD, State.WELL),
    /** A target that was down is in no route any more. */
    TARGET_GONE(Severity.NOTE, State.WELL),

    /** A group that gets traffic has no target left that could take it. */
    GROUP_EMPTY(Severity.BAD, State.TROUBLED),
    /** A group that was empty has a target again. */
    GROUP_SERVES(Severity.GOOD, State.WELL),
    /** A group that was empty gets no more traffic: a switch left it, or it was removed. */
    GROUP_GONE(Severity.NOTE, State.WELL),

    /** A switch is done: other groups are active now. */
    SWITCHED(Severity.NOTE),
    /** A switch in steps has taken one of them. */
    SWITCH_STEP(Severity.NOTE),
    /** A switch was taken back, since the new group did not do well. */
    SWITCH_ROLLED_BACK(Severity.BAD),
    /** A switch waits until somebody lets it go on. */
    SWITCH_PAUSED(Severity.NOTE),
    /** A switch goes on after a pause, or after a restart of the proxy. */
    SWITCH_RESUMED(Severity.NOTE),
    /** A switch ended before it was done: somebody ended it, or the new group was not ready. */
    SWITCH_ABORTED(Severity.BAD),

    /** The store went away: what is live goes on, writes are refused. */
    STORE_LOST(Severity.BAD, State.TROUBLED),
    /** The store is back. */
    STORE_FOUND(Severity.GOOD, State.WELL),

    /**
     * A file of certificates, of listeners or of trust, changed into something that cannot be used;
     * the last good one serves on.
     */
    CERTIFICATE_REFUSED(Severity.BAD),
    /** A file of certificates changed, and serves new handshakes. */
    CERTIFICATE_RELOADED(Severity.NOTE),
    /** A certificate of a listener is near its end, or past it. */
    CERTIFICATE_EXPIRES(Severity.BAD),

    /**
     * A subject goes up and down too often for each time to be told; its true state is told when it
     * has been quiet for a while.
     */
    FLAPPING(Severity.BAD),

    /** Nothing happened: somebody tries out whether events arrive. */
    TEST(Severity.NOTE);

    private final Severity severity;
    private final Optional<State> state;

    Kind(Severity severity) {
      this.severity = severity;
      this.state = Optional.empty();
    }

    Kind(Severity severity, State state) {
      this.severity = severity;
      this.state = Optional.of(state);
    }

    /** How people take it. */
    public Severity severity() {
      return severity;
    }

    /** Its name for people, such as {@code target down}. */
    public String words() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Where the subject is now; empty: the event tells what happened once. */
    public Optional<State> state() {
      return state;
    }
  }

  /** Where a subject is. One that nobody ever told of is well. */
  public enum State {
    /** As it should be, or not there any more. */
    WELL,
    /** Not as it should be, until a later event says otherwise. */
    TROUBLED
  }
}
