package io.proxyetc.internal.health;

import io.proxyetc.spi.HealthEvent;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which events are told. Of those that tell a state: only changes, and none of a subject that
 * changes too often, until it has come to rest. Of the others: all but exact repeats, as from two
 * listeners with one certificate file.
 *
 * <p>A subject that is well and has been for a while is not kept: it is what nobody ever told of.
 * What is kept is bounded. Beyond that the one that has not changed for longest is forgotten; that
 * an unknown subject is well again is then told, too, since it may have been one of those.
 *
 * <p>Times are those of a monotonic clock, in nanoseconds. Guarded by the queue's lock.
 */
final class Edges {
  private static final int REPEATS = 1_000;

  /** Listeners look at one file at about the same time. */
  private static final long REPEATED_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final Damping damping;
  private final int most;

  /** Both in the order of the last change; a subject is in one of them. */
  private final LinkedHashMap<String, Subject> troubled = new LinkedHashMap<>();

  private final LinkedHashMap<String, Subject> well = new LinkedHashMap<>();

  /** Those of both whose changes are held back, in the order of the last change. */
  private final LinkedHashMap<String, Subject> held = new LinkedHashMap<>();

  /** What was told last of each subject and kind, apart from states. */
  private final Map<Topic, Once> once = new LinkedHashMap<>();

  private boolean forgetful;

  private record Topic(HealthEvent.Kind kind, String subject) {}

  private record Once(String detail, long nanos) {}

  Edges(Damping damping, int most) {
    this.damping = damping;
    this.most = most;
  }

  /** What is to be told instead of an event: itself, another one, or nothing. */
  Optional<HealthEvent> accept(HealthEvent event, long now) {
    HealthEvent.State state = event.kind().state().orElse(null);
    if (state == null) {
      return repeats(event, now) ? Optional.empty() : Optional.of(event);
    }
    Subject subject = find(event.subject());
    if (subject == null) {
      if (state == HealthEvent.State.WELL) {
        return forgetful ? Optional.of(event) : Optional.empty();
      }
      keep(event.subject(), new Subject(damping, event, now), now);
      return Optional.of(event);
    }
    if (subject.state() == state) {
      return Optional.empty();
    }
    Subject.Verdict verdict = subject.change(event, now);
    keep(event.subject(), subject, now);
    return switch (verdict) {
      case NONE -> Optional.empty();
      case ITSELF -> Optional.of(event);
      case FLAPPING -> Optional.of(subject.flapping());
    };
  }

  /** The states of those that have come to rest meanwhile; they are told once. */
  List<HealthEvent> settled(long now) {
    List<HealthEvent> events = new ArrayList<>();
    for (Iterator<Subject> i = held.values().iterator(); i.hasNext(); ) {
      Subject subject = i.next();
      if (subject.untilQuiet(now) > 0) {
        break; // those behind it changed later
      }
      i.remove();
      events.add(subject.settled());
    }
    return events;
  }

  /** Nanoseconds until {@link #settled} has something to give; empty: until another event. */
  Optional<Long> untilSettled(long now) {
    Iterator<Subject> first = held.values().iterator();
    return first.hasNext() ? Optional.of(first.next().untilQuiet(now)) : Optional.empty();
  }

  /** Subjects that are remembered. */
  int size() {
    return troubled.size() + well.size();
  }

  private @Nullable Subject find(String name) {
    Subject subject = troubled.get(name);
    return subject == null ? well.get(name) : subject;
  }

  /** As the one that changed last. */
  private void keep(String name, Subject subject, long now) {
    troubled.remove(name);
    well.remove(name);
    held.remove(name);
    (subject.state() == HealthEvent.State.WELL ? well : troubled).put(name, subject);
    if (subject.held()) {
      held.put(name, subject);
    }
    for (Iterator<Subject> i = well.values().iterator(); i.hasNext() && i.next().old(now); ) {
      i.remove();
    }
    if (size() > most) {
      forgetful |= well.isEmpty();
      String eldest = (well.isEmpty() ? troubled : well).keySet().iterator().next();
      troubled.remove(eldest);
      well.remove(eldest);
      held.remove(eldest);
    }
  }

  private boolean repeats(HealthEvent event, long now) {
    Topic topic = new Topic(event.kind(), event.subject());
    Once before = once.remove(topic);
    once.put(topic, new Once(event.detail(), now));
    if (once.size() > REPEATS) {
      once.remove(once.keySet().iterator().next());
    }
    return before != null
        && before.detail().equals(event.detail())
        && now - before.nanos() < REPEATED_NANOS;
  }
}
