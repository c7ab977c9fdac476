package io.proxyetc.internal.assembly;

import io.proxyetc.Active;
import io.proxyetc.Route;
import io.proxyetc.RunningSwitch;
import io.proxyetc.RunningSwitch.Phase;
import io.proxyetc.SwitchOptions;
import io.proxyetc.SwitchOutcome.Result;
import io.proxyetc.internal.assembly.OneSwitch.Member;
import io.proxyetc.internal.assembly.SwitchSteps.Position;
import io.proxyetc.spi.StoredRoute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drives the switches that are under way. The store has the truth: each look follows what is live,
 * and what is due becomes a change of the store, under the revisions that are live. So a restart,
 * somebody else's change or a lost answer are all the same: the next look goes on from what is
 * there.
 *
 * <pre>{@code
 * news of what is live --> follow: who is under which switch, where --> told to SwitchTelling
 *                            drive: what is due? --> submit --> store --> live --> news
 * }</pre>
 *
 * <p>All on one thread, but for {@link #endings} and {@link #outcomes}.
 */
final class Switches {
  private static final Logger LOG = LoggerFactory.getLogger(Switches.class);

  /**
   * What it needs of the proxy.
   *
   * @param live the live version of a route; null: there is none
   * @param leads whether this proxy is the one that drives switches, among those on one store
   * @param nanos a clock that only goes on
   */
  record Surroundings(
      Function<String, @Nullable StoredRoute> live,
      SwitchJudge judge,
      SwitchTelling telling,
      BooleanSupplier leads,
      LongSupplier nanos) {}

  private final Surroundings around;
  private final SwitchNews news;
  private final SwitchEndings endings;
  private final SwitchOutcomes outcomes;
  private final SwitchChanges changes;

  /** By id. */
  private final Map<String, OneSwitch> underWay = new LinkedHashMap<>();

  /** Route to the switch that it is under. */
  private final Map<String, OneSwitch> byRoute = new HashMap<>();

  Switches(
      Surroundings around,
      SwitchNews news,
      SwitchEndings endings,
      SwitchOutcomes outcomes,
      SwitchChanges changes) {
    this.around = around;
    this.news = news;
    this.endings = endings;
    this.outcomes = outcomes;
    this.changes = changes;
  }

  /** One look at everything; gives whether something is under way, so that it looks again soon. */
  boolean look() {
    List<String> awaited = outcomes.awaited(); // before the news: these are part of them
    follow(news.take());
    for (String id : awaited) {
      if (!underWay.containsKey(id)) {
        endings
            .ofUnseen(id)
            .ifPresentOrElse(ending -> outcomes.ended(id, ending), () -> outcomes.missed(id));
      }
    }
    for (OneSwitch one : List.copyOf(underWay.values())) {
      drive(one, around.nanos().getAsLong());
    }
    return !underWay.isEmpty();
  }

  // ---- what is live ----

  private void follow(SwitchNews.Batch batch) {
    Map<OneSwitch, Map<SwitchEnding, List<Member>>> left = new LinkedHashMap<>();
    Map<String, OneSwitch> touched = new LinkedHashMap<>();
    for (String id : batch.routes()) {
      StoredRoute stored = around.live().apply(id);
      RunningSwitch running = stored == null ? null : stored.route().running().orElse(null);
      OneSwitch was = byRoute.get(id);
      if (was != null && (running == null || !running.id().equals(was.id()))) {
        leave(was, id, stored, left);
      }
      if (stored != null && running != null) {
        OneSwitch one = underWay.computeIfAbsent(running.id(), OneSwitch::new);
        one.put(new Member(stored, running));
        byRoute.put(id, one);
        news.track(id);
        touched.put(one.id(), one);
      }
    }
    left.forEach(this::tellLeft);
    left.keySet().stream()
        .filter(one -> !one.members().isEmpty())
        .forEach(one -> touched.putIfAbsent(one.id(), one)); // it may be elsewhere without them
    for (OneSwitch one : touched.values()) {
      observe(one, one.members().stream().anyMatch(m -> batch.atStart().contains(m.id())));
    }
  }

  private void leave(
      OneSwitch was,
      String route,
      @Nullable StoredRoute now,
      Map<OneSwitch, Map<SwitchEnding, List<Member>>> left) {
    byRoute.remove(route);
    news.untrack(route);
    Member member = was.remove(route);
    if (member != null) {
      left.computeIfAbsent(was, one -> new LinkedHashMap<>())
          .computeIfAbsent(endings.of(route, member.running(), now), e -> new ArrayList<>())
          .add(member);
    }
  }

  private void tellLeft(OneSwitch one, Map<SwitchEnding, List<Member>> endedBy) {
    SwitchEnding last = null;
    for (Map.Entry<SwitchEnding, List<Member>> ended : endedBy.entrySet()) {
      last = ended.getKey();
      if (leads()) {
        around.telling().ended(ended.getValue(), last);
      }
    }
    if (one.members().isEmpty() && last != null) {
      underWay.remove(one.id());
      outcomes.ended(one.id(), last);
    }
  }

  private void observe(OneSwitch one, boolean atStart) {
    Position before = one.position();
    Position now = one.members().stream().map(Member::position).min(Position::compareTo).get();
    boolean paused = one.members().stream().anyMatch(m -> m.running().paused());
    boolean pauseChanged = paused != one.paused();
    one.spent(around.nanos().getAsLong()); // up to here it was as it was
    one.paused(paused);
    if (!now.equals(before)) {
      one.enter(now, around.nanos().getAsLong());
      around.judge().entered(one);
    }
    if (!leads()) {
      return;
    }
    if (before == null && atStart) {
      around.telling().found(one);
    } else if (!now.equals(before)) {
      around.telling().entered(one);
    }
    if (pauseChanged && !(before == null && atStart)) {
      around.telling().paused(one);
    }
  }

  private boolean leads() {
    return around.leads().getAsBoolean();
  }

  // ---- what is due ----

  private void drive(OneSwitch one, long now) {
    long spent = one.spent(now);
    CompletableFuture<Long> change = one.change();
    if (change != null) {
      if (change.isDone()) {
        one.change(null);
        changes.settled(
            one, change, now); // what it has made of the routes comes with the next news
      }
      return;
    }
    if (!leads() || one.waits(now)) {
      return;
    }
    try {
      decide(one, Duration.ofNanos(spent));
    } catch (RuntimeException | Error e) { // the others go on
      if (one.failed(now) == 1) {
        LOG.error("switch {}: it could not be looked at; it is tried again", one.id(), e);
      }
    }
  }

  private void decide(OneSwitch one, Duration spent) {
    List<Member> changed = one.members().stream().filter(Switches::changedByHand).toList();
    if (!changed.isEmpty()) {
      changes.submit(
          one, changed, m -> withoutSwitch(m, m.stored().route().active()), byHand(changed));
      return;
    }
    if (one.verdict() == null) {
      judge(one, spent);
    }
    SwitchEnding verdict = one.verdict();
    if (verdict != null) {
      changes.submit(one, one.members(), m -> withoutSwitch(m, m.running().from()), verdict);
    } else if (!one.paused() && due(one, spent)) {
      changes.submit(
          one,
          one.atPosition(),
          Switches::next,
          SwitchEnding.of(
              Result.DONE, "all of the traffic goes to " + SwitchWords.to(one.atPosition())));
    }
  }

  private static boolean changedByHand(Member member) {
    return !SwitchSteps.asRecorded(member.stored().route(), member.running());
  }

  private static SwitchEnding byHand(List<Member> members) {
    return SwitchEnding.of(
        Result.ABORTED,
        "somebody made "
            + SwitchWords.active(members.get(0).stored().route().active())
            + " active during the switch, which ends it");
  }

  private static Route withoutSwitch(Member member, Active active) {
    return SwitchSteps.ended(member.stored().route(), active);
  }

  private static Route next(Member member) {
    Optional<Position> next = SwitchSteps.after(member.position(), member.running().options());
    return SwitchSteps.moved(member.stored().route(), member.running(), next);
  }

  private void judge(OneSwitch one, Duration spent) {
    around.judge().tooManyErrors(one).ifPresent(one::verdict);
    SwitchOptions options = options(one);
    if (one.verdict() == null
        && phase(one) == Phase.PREFLIGHT
        && !options.preflight().isZero()
        && spent.compareTo(options.preflight()) >= 0) {
      List<String> faults = around.judge().faults(one.atPosition());
      if (!faults.isEmpty()) {
        one.verdict(SwitchJudge.notHealthy(one.atPosition(), faults, options.preflight()));
      }
    }
  }

  /** Whether the next phase may begin. */
  private boolean due(OneSwitch one, Duration spent) {
    SwitchOptions options = options(one);
    return switch (phase(one)) {
      case PREFLIGHT ->
          options.preflight().isZero() || around.judge().faults(one.atPosition()).isEmpty();
      case STEP ->
          spent.compareTo(options.steps().get(one.atPosition().get(0).running().step()).time())
              >= 0;
      case WATCH -> spent.compareTo(options.watch()) >= 0;
    };
  }

  private static SwitchOptions options(OneSwitch one) {
    return one.atPosition().get(0).running().options();
  }

  private static Phase phase(OneSwitch one) {
    return one.atPosition().get(0).running().phase();
  }
}
