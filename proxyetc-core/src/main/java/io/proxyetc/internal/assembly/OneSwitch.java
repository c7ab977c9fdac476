package io.proxyetc.internal.assembly;

import io.proxyetc.RunningSwitch;
import io.proxyetc.internal.assembly.SwitchSteps.Position;
import io.proxyetc.spi.StoredRoute;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A switch that is under way, with all of its routes: what is live of it, and what is not stored:
 * its clock, what is counted, what is being changed. Of one thread.
 */
final class OneSwitch {
  private static final long FIRST_RETRY = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_RETRY = TimeUnit.SECONDS.toNanos(2);

  /**
   * A route under the switch, as it is live.
   *
   * @param stored the route with its revision
   * @param running its record
   */
  record Member(StoredRoute stored, RunningSwitch running) {
    String id() {
      return stored.route().id();
    }

    Position position() {
      return Position.of(running);
    }
  }

  private final String id;
  private final NavigableMap<String, Member> members = new TreeMap<>();
  private @Nullable Position position;
  private boolean paused;

  /** How long it is in its phase, pauses apart. */
  private long spent;

  private long lastLook;

  private @Nullable SwitchEnding verdict;
  private @Nullable CompletableFuture<Long> change;
  private int failures;
  private long retryAt;

  OneSwitch(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  // ---- what is live ----

  void put(Member member) {
    members.put(member.id(), member);
    failures = 0; // whatever stood in the way may be gone
  }

  @Nullable Member remove(String route) {
    return members.remove(route);
  }

  Collection<Member> members() {
    return members.values();
  }

  /** The routes whose turn it is: all of them, unless somebody moved one by hand. */
  List<Member> atPosition() {
    return members.values().stream().filter(m -> m.position().equals(position)).toList();
  }

  /** Where it is; null: it was not looked at yet. */
  @Nullable Position position() {
    return position;
  }

  boolean paused() {
    return paused;
  }

  void paused(boolean now) {
    paused = now;
  }

  // ---- the phase ----

  /** A phase begins. */
  void enter(Position now, long nanos) {
    position = now;
    spent = 0;
    lastLook = nanos;
  }

  /** Lets the clock run on, unless it is stopped; gives how long the phase has taken. */
  long spent(long nanos) {
    if (!paused) {
      spent += nanos - lastLook;
    }
    lastLook = nanos;
    return spent;
  }

  // ---- what becomes of it ----

  /** Why it has to end; stays until it has, as the store may be away. */
  @Nullable SwitchEnding verdict() {
    return verdict;
  }

  void verdict(SwitchEnding ending) {
    verdict = ending;
  }

  /** The change that is being stored. */
  @Nullable CompletableFuture<Long> change() {
    return change;
  }

  void change(@Nullable CompletableFuture<Long> submitted) {
    change = submitted;
  }

  /** A change failed: the next one waits for a while. Gives how many have failed in a row. */
  int failed(long nanos) {
    retryAt = nanos + Math.min(LONGEST_RETRY, FIRST_RETRY << Math.min(failures, 10));
    return ++failures;
  }

  /** Gives how many had failed before this one. */
  int succeeded() {
    int had = failures;
    failures = 0;
    return had;
  }

  boolean waits(long nanos) {
    return failures > 0 && nanos - retryAt < 0;
  }
}
