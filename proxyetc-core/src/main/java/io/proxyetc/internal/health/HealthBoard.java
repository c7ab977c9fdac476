package io.proxyetc.internal.health;

import io.proxyetc.Health;
import io.proxyetc.HealthCheck;
import io.proxyetc.internal.target.AddressState;
import io.proxyetc.internal.target.GroupState;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.HealthEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Which targets are probed, and what follows from it: it asks for probes of what the live routes
 * name, tells the live states of targets what is found, and people what changed. One address that
 * many routes use under equal checks is one watch and one event. For any thread but IO threads;
 * nothing blocks.
 *
 * <pre>
 *   live(route) ──▶ one Watched per (address, check) ──probes──▶ TargetState.probed, for each target
 *                                                                GroupState.panics, events
 * </pre>
 */
public final class HealthBoard {
  private final Checks checks;
  private final Consumer<HealthEvent> events;
  private final Clock clock;
  private final LongSupplier nanoTime;

  // All below guarded by this.
  private final Map<Key, Watched> watched = new HashMap<>();

  private final Set<String> subjects = new HashSet<>();

  /** Of routes with checks only: most have none, and there may be 100,000. */
  private final Map<String, List<Group>> routes = new HashMap<>();

  /**
   * Of each route the groups that were empty when it changed last; without those that have none.
   */
  private final Map<String, Set<GroupState>> empty = new HashMap<>();

  /** Who shares probes. */
  private record Key(AddressState address, HealthCheck check) {}

  /**
   * A group of a route that is live.
   *
   * @param engines makes TLS engines for a target's address; null where no target needs them
   * @param active whether it gets traffic
   */
  public record Group(
      GroupState state,
      List<TargetState> targets,
      Health health,
      @Nullable Engines engines,
      boolean active) {}

  /** Makes TLS engines. Any thread; does not block. */
  @FunctionalInterface
  public interface Engines {
    SSLEngine engine(String host, int port);
  }

  /**
   * What is wrong with a target.
   *
   * @param target its id
   * @param reason in words for people
   */
  public record Fault(String target, String reason) {}

  /**
   * @param events must not block
   */
  public HealthBoard(
      Checks checks, Consumer<HealthEvent> events, Clock clock, LongSupplier nanoTime) {
    this.checks = checks;
    this.events = events;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /** An address under one check, and the targets that it counts for. */
  private final class Watched implements Watch.Listener {
    private final Key key;
    private final Map<TargetState, Group> users = new HashMap<>();
    private @Nullable Watch watch;

    /** That it is down was told: only of what gets traffic, or would. */
    private boolean told;

    /** How it is called in events: unlike all others, or one would swallow another's. */
    private final String subject;

    Watched(Key key) {
      this.key = key;
      String plain = key.address().url() + " (" + key.check().describe();
      String free = plain + ")";
      for (int i = 2; !subjects.add(free); i++) {
        free = plain + ", " + i + ")";
      }
      this.subject = free;
    }

    @Override
    public void onHealth(boolean healthy, String reason) {
      probed(this, healthy, reason);
    }

    String subject() {
      return subject;
    }
  }

  /** A route is live with these groups, in the place of those before. */
  public synchronized void live(String route, List<Group> groups) {
    List<Group> before = routes.getOrDefault(route, List.of());
    List<Group> now = groups.stream().filter(g -> g.health().check().isPresent()).toList();
    // First what is new: who keeps watching the same forgets nothing in between.
    now.forEach(this::watch);
    Set<TargetState> still = new HashSet<>();
    now.forEach(group -> still.addAll(group.targets()));
    for (Group group : before) {
      HealthCheck check = group.health().check().orElseThrow();
      for (TargetState target : group.targets()) {
        if (!checkedBy(now, target, check)) {
          leave(target, new Key(target.address(), check));
          if (!still.contains(target)) {
            target.unwatched();
          }
        }
      }
    }
    if (now.isEmpty()) {
      routes.remove(route);
    } else {
      routes.put(route, now);
    }
    now.forEach(this::assess);
    now.stream().filter(Group::active).forEach(this::tellWhatIsDown);
    settle(route, groups);
  }

  /** A route is not live any more. */
  public synchronized void gone(String route) {
    live(route, List.of());
  }

  private static boolean checkedBy(List<Group> groups, TargetState target, HealthCheck check) {
    for (Group group : groups) {
      if (group.health().check().orElseThrow().equals(check) && group.targets().contains(target)) {
        return true;
      }
    }
    return false;
  }

  private void watch(Group group) {
    HealthCheck check = group.health().check().orElseThrow();
    for (TargetState target : group.targets()) {
      Key key = new Key(target.address(), check);
      Watched its = watched.computeIfAbsent(key, Watched::new);
      boolean joins = its.users.put(target, group) == null;
      Watch watch = its.watch;
      if (watch == null) {
        its.watch = checks.watch(target.address(), check, engines(group, target), its);
      } else if (joins && watch.state() != Watch.State.UNKNOWN) {
        target.probed(watch.state() == Watch.State.HEALTHY, nanoTime.getAsLong(), 0);
      }
    }
  }

  private static @Nullable Supplier<SSLEngine> engines(Group group, TargetState target) {
    Engines engines = group.engines();
    if (engines == null) {
      return null;
    }
    String host = target.address().host();
    int port = target.address().port();
    return () -> engines.engine(host, port);
  }

  private void leave(TargetState target, Key key) {
    Watched its = watched.get(key);
    if (its == null || its.users.remove(target) == null || !its.users.isEmpty()) {
      return;
    }
    watched.remove(key);
    subjects.remove(its.subject());
    if (its.watch != null) {
      its.watch.close();
    }
    if (its.told) {
      tell(HealthEvent.Kind.TARGET_GONE, its.subject(), "nobody asks any more");
    }
  }

  /** On the health thread. */
  private synchronized void probed(Watched its, boolean healthy, String reason) {
    if (watched.get(its.key) != its) {
      return; // nobody is interested any more
    }
    long now = nanoTime.getAsLong();
    Set<Group> groups = new LinkedHashSet<>();
    its.users.forEach(
        (target, group) -> {
          target.probed(healthy, now, group.health().slowStart().toNanos());
          groups.add(group);
        });
    groups.forEach(this::assess);
    boolean assumed = its.watch == null || its.watch.probes() == 0; // by its check's initial state
    boolean active = !assumed && groups.stream().anyMatch(Group::active);
    if (healthy ? its.told : active) {
      tellEdge(its, !healthy, reason, groups);
    } else if (healthy) {
      groups.forEach(group -> settle(group, true)); // a newcomer may be the first that serves
    }
    if (healthy) {
      its.users.forEach(this::tellWhatRequestsMetWith);
    }
  }

  /** A group that gets traffic from now on may hold targets that are known to be down. */
  private void tellWhatIsDown(Group group) {
    HealthCheck check = group.health().check().orElseThrow();
    for (TargetState target : group.targets()) {
      Watched its = watched.get(new Key(target.address(), check));
      Watch watch = its == null ? null : its.watch;
      if (its != null
          && watch != null
          && !its.told
          && watch.state() == Watch.State.UNHEALTHY
          && watch.probes() > 0) {
        tellEdge(its, true, watch.reason(), new LinkedHashSet<>(its.users.values()));
      }
    }
  }

  /** Whether so few targets work that all had better get traffic. By weight, of those wanted. */
  private void assess(Group group) {
    long all = 0;
    long healthy = 0;
    for (TargetState target : group.targets()) {
      if (target.wanted()) {
        all += target.target().weight();
        healthy += target.healthy() ? target.target().weight() : 0;
      }
    }
    group.state().panics(all > 0 && healthy * 100 < all * group.health().panic());
  }

  private void tellEdge(Watched its, boolean down, String reason, Set<Group> groups) {
    its.told = down;
    HealthEvent.Kind kind = down ? HealthEvent.Kind.TARGET_DOWN : HealthEvent.Kind.TARGET_UP;
    List<String> left = new ArrayList<>();
    List<Runnable> more = new ArrayList<>();
    for (Group group : groups) {
      News news = News.of(group.state(), group.targets());
      left.add(news.left());
      if (group.active()) {
        more.add(() -> settle(group, true));
      }
    }
    Instant now = clock.instant();
    Watch watch = its.watch;
    Instant since = watch == null ? now : watch.since();
    String detail = reason + "; " + Words.few(left);
    events.accept(new HealthEvent(kind, its.subject(), detail, since, now));
    more.forEach(Runnable::run);
  }

  /** Before there were probes its requests may have told of an outage that is over now. */
  private void tellWhatRequestsMetWith(TargetState target, Group group) {
    if (target.toldDown() && !target.inTrouble() && !target.retired()) {
      News.settle(target, group.targets(), "its probes pass", clock, events);
    }
  }

  /**
   * Which groups of a route are empty, whatever made them so: an operator, a switch, targets that
   * came or went.
   */
  private void settle(String route, List<Group> groups) {
    Set<GroupState> left = empty.getOrDefault(route, new HashSet<>());
    Set<GroupState> now = new HashSet<>();
    for (Group group : groups) {
      if (group.active()) {
        settle(group, group.targets().stream().noneMatch(target -> assumed(target, group)));
        left.remove(group.state());
        if (group.state().toldEmpty()) {
          now.add(group.state());
        }
      } else {
        News.gone(group.state(), clock, events);
      }
    }
    left.forEach(group -> News.gone(group, clock, events));
    if (now.isEmpty()) {
      empty.remove(route);
    } else {
      empty.put(route, now);
    }
  }

  private void settle(Group group, boolean known) {
    if (group.active()) {
      News.settle(group.state(), group.targets(), known, clock, events);
    }
  }

  /** Whether a target is down by its check's initial state only. */
  private boolean assumed(TargetState target, Group group) {
    HealthCheck check = group.health().check().orElse(null);
    if (check == null || !target.wanted() || target.inTrouble()) {
      return false;
    }
    Watched its = watched.get(new Key(target.address(), check));
    return its == null || its.watch == null || its.watch.probes() == 0;
  }

  /** What is wrong with a group's targets that are ready; empty: all of them are healthy. */
  public synchronized List<Fault> faults(String route, String group) {
    List<Fault> faults = new ArrayList<>();
    for (Group live : routes.getOrDefault(route, List.of())) {
      if (live.state().name().equals(group)) {
        HealthCheck check = live.health().check().orElseThrow();
        for (TargetState target : live.targets()) {
          Watched its = watched.get(new Key(target.address(), check));
          Watch watch = its == null ? null : its.watch;
          if (target.wanted() && watch != null && watch.state() != Watch.State.HEALTHY) {
            faults.add(new Fault(target.target().id(), watch.reason()));
          }
        }
      }
    }
    return faults;
  }

  private void tell(HealthEvent.Kind kind, String subject, String detail) {
    events.accept(new HealthEvent(kind, subject, detail, clock.instant()));
  }
}
