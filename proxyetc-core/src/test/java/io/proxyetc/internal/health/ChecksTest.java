package io.proxyetc.internal.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.HealthCheck;
import io.proxyetc.HealthCheck.Initial;
import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.health.FakeProber.Asked;
import io.proxyetc.internal.health.Watch.State;
import io.proxyetc.internal.target.AddressState;
import io.proxyetc.internal.target.TargetRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is probed when, and what follows: without sockets, on a clock of the test's own. */
class ChecksTest {
  private static final HealthCheck CHECK =
      HealthCheck.builder(HealthCheck.Kind.HTTP)
          .interval(Duration.ofMillis(2_000))
          .timeout(Duration.ofMillis(1_000))
          .fall(3)
          .rise(2)
          .build();
  private static final int MOST = 8;

  private final TargetRegistry registry = new TargetRegistry();
  private final FakeProber prober = new FakeProber();
  private final List<String> heard = new ArrayList<>();
  private long nanos;
  private double chance = 0.5; // neither sooner nor later
  private final Checks checks =
      new Checks(
          "test", prober, new Schedule.Settings(() -> nanos, new Wall(), () -> chance, MOST));

  /** The wall clock that belongs to {@link #nanos}. */
  private final class Wall extends Clock {
    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(nanos);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private AddressState address(int number) {
    return registry.address(Target.of("http://127.0.0.1:" + (10_000 + number)), TargetTls.DEFAULT);
  }

  private Watch watch(int number, HealthCheck check) {
    return checks.watch(
        address(number),
        check,
        null,
        (healthy, reason) -> heard.add(number + (healthy ? " up: " : " down: ") + reason));
  }

  /** Lets time pass and one turn be made. */
  private void after(int millis) {
    nanos += Duration.ofMillis(millis).toNanos();
    checks.turn();
  }

  /** Lets so much time pass as there is nothing to do; gives how much. */
  private long afterWait() {
    long before = prober.begun.size();
    long start = nanos;
    while (prober.begun.size() == before) {
      nanos += Math.max(1, checks.turn());
      checks.turn();
    }
    return (nanos - start) / 1_000_000;
  }

  private Asked only() {
    assertEquals(1, prober.underWay.size());
    return prober.underWay.get(0);
  }

  private static HealthCheck initially(Initial initial) {
    return CHECK.toBuilder().initial(initial).build();
  }

  /** Watched, probed, found good twice: the second interval is a usual one. */
  private Watch healthy() {
    Watch watch = watch(1, CHECK);
    after(0);
    only().pass();
    afterWait();
    only().pass();
    heard.clear();
    return watch;
  }

  @Test
  void theFirstProbeComesAtOnceAndDecidesAlone() {
    Watch watch = watch(1, CHECK);
    assertEquals(State.UNKNOWN, watch.state());
    after(0);
    assertEquals(List.of(), heard);
    only().pass();
    assertEquals(List.of("1 up: 200 OK"), heard);
    assertEquals(State.HEALTHY, watch.state());
    assertEquals("200 OK", watch.reason());
  }

  @Test
  void aFirstProbeThatFailsDecidesAloneToo() {
    Watch watch = watch(1, CHECK);
    after(0);
    only().fail("connection refused");
    assertEquals(List.of("1 down: connection refused"), heard);
    assertEquals(State.UNHEALTHY, watch.state());
    assertEquals(1, watch.failures());
  }

  @Test
  void initiallyUpMeansHealthyUntilAsManyProbesFailedAsTakeItDown() {
    Watch watch = watch(1, initially(Initial.UP));
    assertEquals(State.HEALTHY, watch.state());
    after(0);
    assertEquals(List.of("1 up: not probed yet"), heard);
    for (int i = 0; i < 3; i++) {
      assertEquals(State.HEALTHY, watch.state());
      only().fail("no");
      afterWait();
    }
    assertEquals(List.of("1 up: not probed yet", "1 down: no"), heard);
  }

  @Test
  void initiallyDownMeansUnhealthyUntilAsManyProbesWereGoodAsBringItUp() {
    Watch watch = watch(1, initially(Initial.DOWN));
    after(0);
    assertEquals(List.of("1 down: not probed yet"), heard);
    only().pass();
    assertEquals(State.UNHEALTHY, watch.state());
    assertEquals(500, afterWait());
    only().pass();
    assertEquals(List.of("1 down: not probed yet", "1 up: 200 OK"), heard);
    assertEquals(State.HEALTHY, watch.state());
  }

  @Test
  void itFallsAfterSoManyFailuresInARowAndOnlyTheEdgeIsTold() {
    Watch watch = healthy();
    afterWait();
    only().fail("one");
    afterWait();
    only().fail("two");
    afterWait();
    only().pass();
    assertEquals(State.HEALTHY, watch.state());
    Instant since = watch.since();
    for (String why : List.of("three", "four", "five", "six")) {
      assertEquals(since, watch.since());
      afterWait();
      only().fail(why);
      since = why.equals("five") ? watch.since() : since;
    }
    assertEquals(List.of("1 down: five"), heard);
    assertEquals("six", watch.reason());
    assertTrue(watch.since().isAfter(Instant.EPOCH));
    assertEquals(6, watch.failures());
  }

  @Test
  void itRisesAfterSoManyGoodProbesInARow() {
    Watch watch = watch(1, CHECK);
    after(0);
    only().fail("no");
    for (boolean pass : new boolean[] {true, false, true, true}) {
      assertEquals(State.UNHEALTHY, watch.state());
      afterWait();
      if (pass) {
        only().pass();
      } else {
        only().fail("no");
      }
    }
    assertEquals(List.of("1 down: no", "1 up: 200 OK"), heard);
  }

  @Test
  void probesComeFourTimesAsFastWhileTheHealthIsAboutToChange() {
    healthy();
    assertEquals(2_000, afterWait());
    only().fail("no");
    assertEquals(500, afterWait());
    only().fail("no");
    assertEquals(500, afterWait());
    only().fail("no");
    assertEquals(2_000, afterWait());
    only().pass();
    assertEquals(500, afterWait());
    only().pass();
    assertEquals(2_000, afterWait());
  }

  @Test
  void theIntervalIsATenthShorterOrLongerByChanceAndRunsFromStartToStart() {
    healthy();
    afterWait();
    chance = 0;
    only().pass();
    assertEquals(1_800, afterWait());
    chance = 0.9999999;
    after(700);
    only().pass();
    assertEquals(1_500, afterWait(), 1);
  }

  @Test
  void whereOneFailureDecidesNoProbeIsLateByChance() {
    watch(1, CHECK.toBuilder().fall(1).build());
    after(0);
    only().pass();
    afterWait();
    chance = 0.9999999;
    only().pass();
    assertEquals(2_000, afterWait(), 1);
  }

  @Test
  void afterTheFirstProbeComesAnyPartOfTheIntervalSoThatManyAreSpread() {
    watch(1, CHECK);
    watch(2, CHECK);
    after(0);
    chance = 0;
    prober.underWay.get(0).pass();
    chance = 0.5;
    only().pass();
    assertEquals(200, afterWait());
    assertEquals("http://127.0.0.1:10001", only().url);
    assertEquals(900, afterWait());
  }

  @Test
  void aProbeThatOverrunsItsTimeIsGivenUpAndCountsAsFailed() {
    Watch watch = watch(1, CHECK);
    after(0);
    Asked slow = only();
    after(999);
    assertFalse(slow.givenUp);
    after(1);
    assertTrue(slow.givenUp);
    assertEquals(List.of("1 down: no answer within 1 s"), heard);
    assertEquals(State.UNHEALTHY, watch.state());
  }

  @Test
  void aTargetThatStopsAnsweringIsDownWithinFallTimesIntervalAndTimeout() {
    for (int fall : new int[] {1, 2, 3, 5}) {
      chance = 0.5;
      Watch watch = watch(10 + fall, CHECK.toBuilder().fall(fall).build());
      after(0);
      only().pass();
      afterWait();
      chance = 0.9999999; // every probe as late as it may be
      only().pass();
      Instant stopped = Instant.EPOCH.plusNanos(nanos);
      while (watch.state() == State.HEALTHY) {
        nanos += Math.max(1, checks.turn());
      }
      long took = Duration.between(stopped, watch.since()).toMillis();
      assertTrue(took <= fall * 3_000L, "fall " + fall + ": down after " + took + " ms");
      watch.close();
      checks.turn();
    }
  }

  @Test
  void whenTheProxyItselfWasHeldUpNoTargetIsBlamed() {
    Watch watch = healthy();
    afterWait();
    Asked asked = only();
    after(30_000);
    assertTrue(asked.givenUp);
    assertEquals(0, watch.failures());
    assertEquals("the proxy itself was held up", watch.reason());
    assertEquals(1, checks.undone());
  }

  @Test
  void whatCannotBeProbedForReasonsOfThisSideStaysAsItIs() {
    Watch watch = watch(1, CHECK);
    after(0);
    only().undone();
    assertEquals(State.UNKNOWN, watch.state());
    assertEquals("no socket: Too many open files", watch.reason());
    afterWait();
    only().pass();
    assertEquals(List.of("1 up: 200 OK"), heard);
    assertEquals(0, watch.failures());
  }

  @Test
  void aProberThatThrowsHarmsNobodyElse() {
    prober.broken = new IllegalStateException("broken");
    Watch watch = watch(1, CHECK);
    after(0);
    assertEquals("failed inside the proxy", watch.reason());
    prober.broken = null;
    afterWait();
    only().pass();
    assertEquals(State.HEALTHY, watch.state());
  }

  @Test
  void aListenerThatThrowsHarmsNobodyElse() {
    checks.watch(
        address(1),
        CHECK,
        null,
        (healthy, reason) -> {
          throw new IllegalStateException("broken listener");
        });
    watch(1, CHECK);
    after(0);
    only().pass();
    assertEquals(List.of("1 up: 200 OK"), heard);
    assertEquals(1_100, afterWait());
  }

  @Test
  void fiftyRoutesToOneAddressShareItsProbesAndEachHearsOnce() {
    List<Watch> watches = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      watches.add(watch(1, CHECK.toBuilder().build()));
    }
    after(0);
    only().pass();
    assertEquals(50, heard.size());
    assertEquals(1, prober.prepared);
    assertEquals(1, checks.watched());
    watches.subList(0, 49).forEach(Watch::close);
    afterWait();
    only().pass();
    watches.get(49).close();
    assertEquals(0, checks.watched());
    after(60_000);
    assertEquals(2, prober.begun.size());
    assertEquals(List.of(), prober.underWay);
  }

  @Test
  void whoeverComesLaterHearsWhatIsKnownAndWhatDecidedIt() {
    healthy();
    afterWait();
    only().fail("a single failure");
    Watch later = watch(1, CHECK);
    assertEquals(State.HEALTHY, later.state());
    after(0);
    assertEquals(List.of("1 up: 200 OK"), heard);
    assertEquals("a single failure", later.reason());
  }

  @Test
  void anotherCheckOfTheSameAddressIsProbedByItself() {
    watch(1, CHECK);
    watch(1, CHECK.toBuilder().path("/other").build());
    watch(2, CHECK);
    after(0);
    assertEquals(3, prober.underWay.size());
    assertEquals(3, checks.watched());
  }

  @Test
  void theSameAddressVerifiedInAnotherWayIsAnotherOne() {
    Target target = Target.of("https://127.0.0.1:9443");
    for (TargetTls tls : List.of(TargetTls.DEFAULT, TargetTls.unverified())) {
      checks.watch(registry.address(target, tls), CHECK, null, (healthy, reason) -> {});
    }
    assertEquals(2, checks.watched());
  }

  @Test
  void aWatchThatIsClosedHearsNothingMoreAndIsClosedOnce() {
    Watch one = watch(1, CHECK);
    watch(1, CHECK);
    one.close();
    one.close();
    after(0);
    only().pass();
    assertEquals(List.of("1 up: 200 OK"), heard);
    assertEquals(1, checks.watched());
  }

  @Test
  void theLastWatchThatIsClosedEndsTheProbeUnderWay() {
    Watch watch = watch(1, CHECK);
    after(0);
    Asked asked = only();
    watch.close();
    after(0);
    assertTrue(asked.givenUp);
    assertEquals(0, checks.inFlight());
    assertEquals(List.of(), heard);
  }

  @Test
  void anAddressThatIsWatchedAgainBeginsAnew() {
    Watch first = watch(1, CHECK);
    first.close();
    Watch second = watch(1, CHECK);
    assertNotSame(first.checked(), second.checked());
    after(0);
    only().pass();
    assertEquals(State.HEALTHY, second.state());
    assertEquals(State.UNKNOWN, first.state());
  }

  @Test
  void thousandsThatComeAtOnceNeverExceedTheBoundAndComeInOrder() {
    for (int i = 0; i < 1_000; i++) {
      watch(i, CHECK);
    }
    Set<String> asked = new HashSet<>();
    after(0);
    while (asked.size() < 1_000) {
      assertTrue(prober.underWay.size() <= MOST);
      assertEquals(prober.underWay.size(), checks.inFlight());
      Asked next = prober.underWay.get(0);
      assertEquals("http://127.0.0.1:" + (10_000 + asked.size()), next.url);
      asked.add(next.url);
      next.pass();
      after(0);
    }
    assertEquals(1_000, heard.size());
    assertEquals(0, checks.late());
  }

  @Test
  void thoseThatWaitForTheirTurnAreCountedAsLate() {
    for (int i = 0; i < 2 * MOST; i++) {
      watch(i, CHECK);
    }
    after(0);
    after(1_000); // the first ones run into their time-out, and make room
    assertEquals(MOST, prober.underWay.size());
    assertEquals(MOST, checks.late());
    assertEquals(2L * MOST, checks.probes());
  }

  @Test
  void whatIsWatchedAfterTheEndIsNotProbed() {
    checks.close();
    watch(1, CHECK);
    after(0);
    assertEquals(List.of(), prober.begun);
  }
}
