package io.proxyetc.internal.health;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.proxyetc.Drain;
import io.proxyetc.Health;
import io.proxyetc.HealthCheck;
import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.target.Drains;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthEvent.Kind;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What people hear of groups, whatever empties them: without sockets, on a clock of the test's. */
class HealthBoardTest {
  private static final HealthCheck CHECK = HealthCheck.http("/up");
  private static final Health PROBED = Health.DEFAULT.withCheck(CHECK);

  private final List<HealthEvent> events = new ArrayList<>();
  private final Edges edges = new Edges(Damping.STANDARD, 1_000);
  private final TargetRegistry registry = new TargetRegistry();
  private final Drains drains = new Drains("health-board-test");
  private final FakeProber prober = new FakeProber();
  private long nanos;
  private final Checks checks =
      new Checks(
          "test",
          prober,
          new Schedule.Settings(() -> nanos, Clock.systemUTC(), () -> 0.5, Checks.MOST_IN_FLIGHT));
  private final HealthBoard board =
      new HealthBoard(checks, this::publish, Clock.systemUTC(), () -> nanos);
  private final Observations observations = new Observations(this::publish, Clock.systemUTC());
  private final TargetState dead = target("r", "g", 1);
  private final TargetState good = target("r", "g", 2);

  private void publish(HealthEvent event) {
    edges.accept(event, 0).ifPresent(events::add);
  }

  private TargetState target(String route, String group, int port) {
    return registry.target(
        route, group, Target.of("http://127.0.0.1:" + port), TargetTls.DEFAULT, CHECK.initial());
  }

  private static HealthBoard.Group group(Health health, boolean active, TargetState... targets) {
    return new HealthBoard.Group(targets[0].group(), List.of(targets), health, null, active);
  }

  private void live(String route, HealthBoard.Group... groups) {
    board.live(route, List.of(groups));
  }

  private void becomes(TargetState target, Target.State state) {
    drains.live(Map.of(target, target.target().withState(state)), Drain.DEFAULT);
  }

  /** Probes whatever is due until each that was asked has what its check wants. */
  private void probe(boolean firstIsDead) {
    for (int i = 0; i < 10; i++) {
      nanos += CHECK.interval().toNanos() * 2;
      checks.turn();
      for (FakeProber.Asked asked : List.copyOf(prober.underWay)) {
        if (firstIsDead && asked.url.endsWith(":1")) {
          asked.fail("refused");
        } else {
          asked.pass();
        }
      }
      checks.turn();
    }
  }

  /** What was told of a group. */
  private List<Kind> told(String group) {
    return events.stream().filter(e -> e.subject().equals(group)).map(HealthEvent::kind).toList();
  }

  private void liveWithOneDead() {
    live("r", group(PROBED, true, dead, good));
    probe(true);
    assertEquals(List.of(), told("r/g"));
  }

  private void emptyUntilTheDeadOneIsBack(String group) {
    assertEquals(List.of(Kind.GROUP_EMPTY), told(group));
    probe(false);
    assertEquals(List.of(Kind.GROUP_EMPTY, Kind.GROUP_SERVES), told(group));
  }

  @Test
  void theOneThatWorksIsDisabled() {
    liveWithOneDead();
    becomes(good, Target.State.DISABLED);
    live("r", group(PROBED, true, dead, good));
    emptyUntilTheDeadOneIsBack("r/g");
  }

  @Test
  void theOneThatWorksDrains() {
    liveWithOneDead();
    becomes(good, Target.State.DRAIN);
    live("r", group(PROBED, true, dead, good));
    emptyUntilTheDeadOneIsBack("r/g");
  }

  @Test
  void theOneThatWorksIsRemoved() {
    liveWithOneDead();
    observations.retired(registry.retainTargets("r", Set.of(dead)), Set.of(dead.group()));
    live("r", group(PROBED, true, dead));
    emptyUntilTheDeadOneIsBack("r/g");
  }

  @Test
  void aNewRouteNamesTheDeadOne() {
    liveWithOneDead();
    live("new", group(PROBED, true, target("new", "g", 1)));
    emptyUntilTheDeadOneIsBack("new/g");
  }

  @Test
  void aSwitchLeadsToTheDeadOne() {
    liveWithOneDead();
    TargetState green = target("s", "green", 1);
    live("s", group(PROBED, true, target("s", "blue", 2)), group(PROBED, false, green));
    assertEquals(List.of(), told("s/green"));
    live("s", group(PROBED, true, green));
    emptyUntilTheDeadOneIsBack("s/green");
  }

  @Test
  void withoutACheckRequestsHaveSaidSo() {
    List<TargetState> both = List.of(dead, good);
    live("r", group(Health.DEFAULT, true, dead, good));
    observations.connectFailed(dead, both, Health.DEFAULT, "refused", 0);
    becomes(good, Target.State.DISABLED);
    live("r", group(Health.DEFAULT, true, dead, good));
    assertEquals(List.of(Kind.GROUP_EMPTY), told("r/g"));
    assertEquals(true, dead.worked());
    observations.recovered(dead, both, Health.DEFAULT, 1);
    assertEquals(List.of(Kind.GROUP_EMPTY, Kind.GROUP_SERVES), told("r/g"));
  }

  @Test
  void whatIsOnlyAssumedToBeDownIsNotTold() {
    HealthCheck down = CHECK.toBuilder().initial(HealthCheck.Initial.DOWN).build();
    Target target = Target.of("http://127.0.0.1:3");
    TargetState third = registry.target("d", "g", target, TargetTls.DEFAULT, down.initial());
    live("d", group(Health.DEFAULT.withCheck(down), true, third));
    live("d", group(Health.DEFAULT.withCheck(down), true, third));
    assertEquals(List.of(), told("d/g"));
  }

  /** And disabled again after a switch back: that is news each time. */
  @Test
  void aSwitchLeavesAGroupThatItsOperatorEmptied() {
    TargetState other = target("r", "other", 3);
    for (int i = 0; i < 2; i++) {
      becomes(good, Target.State.DISABLED);
      live("r", group(Health.DEFAULT, true, good));
      live("r", group(Health.DEFAULT, true, other));
      becomes(good, Target.State.READY);
      live("r", group(Health.DEFAULT, true, good));
    }
    assertEquals(
        List.of(Kind.GROUP_EMPTY, Kind.GROUP_GONE, Kind.GROUP_EMPTY, Kind.GROUP_GONE), told("r/g"));
  }

  /** Its requests told of the outage, before it was probed. */
  @Test
  void probesTakeBackWhatRequestsTold() {
    live("r", group(Health.DEFAULT, true, dead, good));
    observations.connectFailed(dead, List.of(dead, good), Health.DEFAULT, "refused", 0);
    live("r", group(PROBED, true, dead, good));
    probe(true);
    probe(false);
    assertEquals(List.of(Kind.TARGET_DOWN, Kind.TARGET_UP), told("r/g " + dead.target().id()));
  }
}
