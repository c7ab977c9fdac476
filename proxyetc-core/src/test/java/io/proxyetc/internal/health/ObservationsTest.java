package io.proxyetc.internal.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Drain;
import io.proxyetc.Ejection;
import io.proxyetc.Health;
import io.proxyetc.HealthCheck;
import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.target.Drains;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthEvent.Kind;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.OwnThread;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** What requests find out: whom it ejects, and what people hear of it. */
class ObservationsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int ROUNDS = 2_000;

  private static final Health ALL_BUT_ONE =
      Health.DEFAULT.withEjection(
          new Ejection(3, Set.of(503), Duration.ofSeconds(2), Duration.ofSeconds(60), 100));

  private final List<HealthEvent> seen = new CopyOnWriteArrayList<>();
  private final Edges edges = new Edges(Damping.STANDARD, 1_000);
  private final TargetRegistry registry = new TargetRegistry();
  private final Drains drains = new Drains("observations-test");
  private final TargetState a = target(1);
  private final TargetState b = target(2);
  private final List<TargetState> group = List.of(a, b);
  private final Observations observations = new Observations(this::publish, Clock.systemUTC());

  private TargetState target(int port) {
    return registry.target("r", "g", Target.of("http://h:" + port), TargetTls.DEFAULT);
  }

  private void publish(HealthEvent event) {
    edges.accept(event, 0).ifPresent(seen::add);
  }

  private List<Kind> told() {
    return seen.stream().map(HealthEvent::kind).toList();
  }

  private void refuse(TargetState target, long now) {
    observations.connectFailed(target, group, ALL_BUT_ONE, "refused", now);
  }

  private void answer(TargetState target) {
    if (target.worked()) {
      observations.recovered(target, group, ALL_BUT_ONE, 0);
    }
  }

  private void becomes(TargetState target, Target.State state) {
    drains.live(Map.of(target, target.target().withState(state)), Drain.DEFAULT);
  }

  @Test
  void eachEdgeIsToldOnce() {
    refuse(a, 0);
    refuse(a, 1);
    refuse(a, 3 * SECOND);
    refuse(b, 0);
    refuse(b, 1);
    answer(a);
    answer(a);
    answer(b);
    assertEquals(
        List.of(
            Kind.TARGET_DOWN,
            Kind.TARGET_DOWN,
            Kind.GROUP_EMPTY,
            Kind.TARGET_UP,
            Kind.GROUP_SERVES,
            Kind.TARGET_UP),
        told());
  }

  /** Two that come back at once: neither is the first any more when it is told. */
  @Test
  void aGroupWhoseTargetsComeBackTogetherServesAgain() {
    refuse(a, 0);
    refuse(b, 0);
    assertTrue(a.worked());
    assertTrue(b.worked());
    observations.recovered(a, group, ALL_BUT_ONE, 0);
    observations.recovered(b, group, ALL_BUT_ONE, 0);
    assertTrue(told().contains(Kind.GROUP_SERVES), told().toString());
  }

  /** One thread sees it fail, another sees it answer: the last word is how it is. */
  @RepeatedTest(3)
  void whoSawAnOlderStateHasNotTheLastWord() throws Exception {
    AtomicReference<Kind> last = new AtomicReference<>(Kind.TARGET_UP);
    Observations racing = new Observations(event -> targetsOnly(event, last), Clock.systemUTC());
    List<TargetState> only = List.of(a);
    CyclicBarrier both = new CyclicBarrier(2);
    CompletableFuture<Void> failing =
        OwnThread.run(
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                await(both);
                racing.connectFailed(a, only, ALL_BUT_ONE, "refused", i);
                await(both);
              }
            });
    for (int i = 0; i < ROUNDS; i++) {
      a.worked();
      last.set(Kind.TARGET_UP);
      await(both);
      for (int j = 0; j < 20; j++) {
        if (a.worked()) {
          racing.recovered(a, only, ALL_BUT_ONE, i);
        }
      }
      await(both);
      Kind expected = a.inTrouble() ? Kind.TARGET_DOWN : Kind.TARGET_UP;
      assertEquals(expected, last.get(), "in round " + i);
    }
    Await.get("the other thread", failing);
  }

  private static void targetsOnly(HealthEvent event, AtomicReference<Kind> last) {
    if (event.kind().name().startsWith("TARGET")) {
      last.set(event.kind());
    }
  }

  private static void await(CyclicBarrier both) {
    try {
      both.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("the other thread does not come", e);
    }
  }

  @Test
  void whatIsRemovedIsToldAsGoneAndNeverAsDown() {
    refuse(a, 0);
    refuse(b, 0);
    observations.retired(registry.forget("r"), Set.of());
    refuse(a, 10 * SECOND); // a request that was in flight
    assertEquals(
        List.of(
            Kind.TARGET_DOWN,
            Kind.TARGET_DOWN,
            Kind.GROUP_EMPTY,
            Kind.TARGET_GONE,
            Kind.GROUP_GONE,
            Kind.TARGET_GONE),
        told());
    assertFalse(a.inTrouble(), "it may come back");
  }

  /** Between the two calls of whoever retires it: its last request is answered. */
  @Test
  void whatAnswersWhileItIsRetiredIsToldAsGone() {
    assertTrue(a.tryClaim());
    refuse(a, 0);
    List<TargetState> retired = registry.forget("r");
    answer(a);
    observations.retired(retired, Set.of());
    assertEquals(List.of(Kind.TARGET_DOWN, Kind.TARGET_GONE), told());
  }

  /** Its subject would be troubled for ever, and its next outage no news. */
  @Test
  void whatWasToldBeforeThereWereProbesIsTakenBack() {
    refuse(a, 0);
    assertTrue(a.worked());
    observations.recovered(a, group, ALL_BUT_ONE.withCheck(HealthCheck.tcp()), 0);
    assertEquals(List.of(Kind.TARGET_DOWN, Kind.TARGET_UP), told());
  }

  /** Else the next time that it is empty would be no news. */
  @Test
  void aGroupWhoseDeadTargetsAreReplacedServesAgain() {
    refuse(a, 0);
    refuse(b, 0);
    TargetState c = target(3);
    observations.retired(registry.retainTargets("r", Set.of(c)), Set.of(c.group()));
    assertTrue(c.group().toldEmpty());
    News.settle(c.group(), List.of(c), true, Clock.systemUTC(), this::publish);
    assertEquals(Kind.GROUP_SERVES, told().get(told().size() - 1));
  }

  @Test
  void whatItsOperatorTookOutIsNotToldUntilItIsWantedAgain() {
    becomes(a, Target.State.DISABLED);
    refuse(a, 0);
    assertEquals(List.of(), told());
    becomes(a, Target.State.READY);
    refuse(a, 10 * SECOND);
    assertEquals(List.of(Kind.TARGET_DOWN), told());
    refuse(a, 100 * SECOND);
    assertEquals(1, told().size());
  }

  /** The other one is there, but gets no traffic: to pass over this one helps nobody. */
  @Test
  void theLastOneThatIsWantedIsNotEjected() {
    becomes(b, Target.State.DRAIN);
    refuse(a, 0);
    assertFalse(a.ejected(1));
    assertTrue(a.inTrouble());
    becomes(b, Target.State.READY);
    b.probed(false, 0, 0);
    refuse(a, 1);
    assertFalse(a.ejected(2));
    b.probed(true, 0, 0);
    refuse(a, 3);
    assertTrue(a.ejected(4));
  }

  @Test
  void halfOfThemMayBeEjectedByDefault() {
    List<TargetState> four = List.of(a, b, target(3), target(4));
    for (TargetState each : four) {
      observations.connectFailed(each, four, Health.DEFAULT, "refused", 0);
    }
    assertEquals(
        List.of(true, true, false, false), four.stream().map(each -> each.ejected(1)).toList());
    assertTrue(four.stream().noneMatch(TargetState::serves));
  }

  /** While it was the only one it failed a thousand times: that is no ejection in a row. */
  @Test
  void theTimesThatATargetWasNotPassedOverDoNotLengthenItsEjection() {
    for (int i = 0; i < 1_000; i++) {
      observations.connectFailed(a, List.of(a), Health.DEFAULT, "refused", i);
    }
    refuse(a, SECOND);
    assertTrue(a.ejected(2 * SECOND));
    assertFalse(a.ejected(3 * SECOND));
  }

  /** It goes on hanging: another three requests need not find that out. */
  @Test
  void oneThatFailsAgainAfterItsEjectionIsEjectedAtOnce() {
    for (int i = 0; i < 3; i++) {
      assertFalse(a.ejected(0));
      observations.failed(a, group, ALL_BUT_ONE, "no answer in time", 0);
    }
    assertTrue(a.ejected(1));
    observations.failed(a, group, ALL_BUT_ONE, "no answer in time", 2 * SECOND);
    assertTrue(a.ejected(5 * SECOND), "for four seconds now");
    assertEquals(List.of(Kind.TARGET_DOWN), told());
  }
}
