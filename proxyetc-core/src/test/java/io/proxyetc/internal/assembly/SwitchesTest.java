package io.proxyetc.internal.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Active;
import io.proxyetc.Route;
import io.proxyetc.RunningSwitch;
import io.proxyetc.SwitchOptions;
import io.proxyetc.SwitchOptions.Step;
import io.proxyetc.SwitchOutcome;
import io.proxyetc.SwitchOutcome.Result;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;
import io.proxyetc.internal.health.HealthBoard;
import io.proxyetc.spi.RouteChange.Edit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Switches under a clock that the test moves. */
class SwitchesTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final SwitchOptions STEPS =
      SwitchOptions.AT_ONCE
          .withSteps(List.of(new Step(5, MINUTE), new Step(25, MINUTE)))
          .withWatch(MINUTE, 10);
  private static final SwitchOptions ALL = STEPS.withPreflight(Duration.ofSeconds(30));

  private final SwitchRig rig = new SwitchRig();

  @AfterEach
  void close() {
    rig.close();
  }

  // ---- the way through ----

  @Test
  void aSwitchGoesThroughAllItsPhases() {
    rig.faults.add(new HealthBoard.Fault("http://y", "connection refused"));
    CompletionStage<SwitchOutcome> outcome = rig.begin(ALL, "a");
    rig.pass(Duration.ofSeconds(29));
    assertEquals("preflight: blue", rig.at("a"));
    assertEquals(List.of(), rig.kinds());

    rig.faults.clear();
    rig.pass(SECOND);
    assertEquals("step 1 of 2 (5 %): blue 95, green 5", rig.at("a"));
    rig.pass(MINUTE.minusMillis(1));
    assertEquals("step 1 of 2 (5 %): blue 95, green 5", rig.at("a"));
    rig.pass(Duration.ofMillis(1));
    assertEquals("step 2 of 2 (25 %): blue 75, green 25", rig.at("a"));
    rig.pass(MINUTE);
    assertEquals("watch (100 %): green", rig.at("a"));
    assertFalse(outcome.toCompletableFuture().isDone());
    rig.pass(MINUTE);
    assertEquals("over: green", rig.at("a"));

    SwitchOutcome end = SwitchRig.end(outcome);
    assertEquals(new SwitchOutcome("s1", Result.DONE, "all of the traffic goes to green"), end);
    assertEquals(List.of("SWITCH_STEP", "SWITCH_STEP", "SWITCH_STEP", "SWITCHED"), rig.kinds());
    assertEquals(4, rig.submitted, "one revision for each");
    assertTrue(rig.events.stream().allMatch(e -> e.subject().equals("route a")));
    assertEquals("switch s1 to green: step 2 of 2 (25 %), for 60 s", rig.events.get(1).detail());
  }

  @Test
  void aGroupThatDoesNotBecomeHealthyInTimeIsNotSwitchedTo() {
    rig.faults.add(new HealthBoard.Fault("http://y", "connection refused"));
    CompletionStage<SwitchOutcome> outcome = rig.begin(ALL, "a");
    rig.pass(Duration.ofSeconds(30));
    assertEquals("over: blue", rig.at("a"));
    SwitchOutcome end = SwitchRig.end(outcome);
    assertEquals(Result.NOT_HEALTHY, end.result());
    assertEquals(
        "green was not healthy within 30 s: nothing was switched (route a: http://y: connection"
            + " refused)",
        end.reason());
    assertEquals(List.of("SWITCH_ABORTED"), rig.kinds());
    assertEquals("switch s1: " + end.reason(), rig.events.get(0).detail());
  }

  /** All of its ready targets were healthy, as there was none. */
  @Test
  void aGroupWithoutAReadyTargetIsNotHealthy() {
    Target off = Target.of("http://y").withState(Target.State.DISABLED);
    Route route =
        SwitchRig.blueGreen("a").toBuilder().group(TargetGroup.of("green", List.of(off))).build();
    rig.put(SwitchRig.begun(route, ALL));
    rig.look();
    rig.pass(Duration.ofSeconds(30));
    assertEquals("over: blue", rig.at("a"));
    assertTrue(
        rig.events.get(0).detail().contains("group green has no target that is ready"),
        rig.events.get(0).detail());
  }

  @Test
  void withoutAPreflightAnUnhealthyGroupIsNotWaitedFor() {
    rig.faults.add(new HealthBoard.Fault("http://y", "connection refused"));
    rig.begin(STEPS, "a");
    assertEquals("step 1 of 2 (5 %): blue 95, green 5", rig.at("a"));
  }

  // ---- going back ----

  @Test
  void tooManyErrorsDuringAStepTakeTheSwitchBack() {
    CompletionStage<SwitchOutcome> outcome = rig.begin(STEPS, "a");
    rig.answered("a", 19, 19);
    assertEquals("step 1 of 2 (5 %): blue 95, green 5", rig.at("a"), "so few are not judged");
    rig.answered("a", 181, 1);
    assertEquals("step 1 of 2 (5 %): blue 95, green 5", rig.at("a"), "10 % may");
    rig.answered("a", 1, 1);
    assertEquals("over: blue", rig.at("a"));
    SwitchOutcome end = SwitchRig.end(outcome);
    assertEquals(Result.ROLLED_BACK, end.result());
    assertEquals(
        "route a: 21 of 201 requests to green failed during step 1 of 2 (5 %), more than the 10 %"
            + " that may: back to blue",
        end.reason());
    assertEquals(List.of("SWITCH_STEP", "SWITCH_ROLLED_BACK"), rig.kinds());
  }

  @Test
  void tooManyErrorsDuringTheWatchTakeTheSwitchBack() {
    rig.begin(SwitchOptions.SAFE.withPreflight(Duration.ZERO), "a");
    assertEquals("watch (100 %): green", rig.at("a"));
    rig.answered("a", 100, 6);
    assertEquals("over: blue", rig.at("a"));
  }

  @Test
  void eachPhaseIsJudgedByItsOwnRequests() {
    rig.begin(STEPS, "a");
    rig.answered("a", 1000, 0);
    rig.pass(MINUTE);
    rig.answered("a", 20, 3); // of all since the beginning it would be 0.3 %
    assertEquals("over: blue", rig.at("a"));
  }

  /** It would have been taken for a good one by the time that was up. */
  @Test
  void whatFailsInTheLastMomentOfAPhaseCounts() {
    rig.begin(STEPS, "a");
    rig.counts.put("a/green", new GroupCounts.Counts(100, 50));
    rig.pass(MINUTE);
    assertEquals("over: blue", rig.at("a"));
  }

  @Test
  void whereAllMayFailItNeverGoesBack() {
    rig.begin(STEPS.withWatch(MINUTE, 100), "a");
    rig.answered("a", 100, 100);
    assertEquals("step 1 of 2 (5 %): blue 95, green 5", rig.at("a"));
  }

  @Test
  void aGroupThatIsNotCountedIsNotJudged() {
    rig.counted = false;
    rig.begin(STEPS, "a");
    rig.answered("a", 100, 100);
    rig.pass(MINUTE);
    assertEquals("step 2 of 2 (25 %): blue 75, green 25", rig.at("a"));
  }

  /** So weights over groups come back as they were. */
  @Test
  void aSwitchGoesBackToTheWeightsThatWereThere() {
    Active weights = new Active(Map.of("blue", 4, "red", 1));
    Route route =
        SwitchRig.blueGreen("a").toBuilder().group("red", "http://z").active(weights).build();
    rig.put(SwitchRig.begun(route, STEPS));
    assertTrue(
        SwitchSteps.same(
            rig.route("a").active(), new Active(Map.of("blue", 76, "red", 19, "green", 5))),
        rig.at("a"));
    rig.look();
    rig.answered("a", 100, 100);
    assertEquals(weights, rig.route("a").active());
  }

  // ---- pause ----

  @Test
  void aPauseStopsTheClockButNotTheWatch() {
    rig.begin(STEPS, "a");
    rig.pass(Duration.ofSeconds(40));
    rig.pause("a", true);
    rig.pass(MINUTE.multipliedBy(10));
    assertEquals("step 1 of 2 (5 %), paused: blue 95, green 5", rig.at("a"));
    rig.pause("a", false);
    rig.pass(Duration.ofSeconds(19));
    assertEquals("step 1 of 2 (5 %): blue 95, green 5", rig.at("a"));
    rig.pass(SECOND);
    assertEquals("step 2 of 2 (25 %): blue 75, green 25", rig.at("a"));
    assertEquals(
        List.of("SWITCH_STEP", "SWITCH_PAUSED", "SWITCH_RESUMED", "SWITCH_STEP"), rig.kinds());

    rig.pause("a", true);
    rig.answered("a", 100, 11);
    assertEquals("over: blue", rig.at("a"));
  }

  @Test
  void aPausedPreflightNeitherBeginsNorEnds() {
    rig.faults.add(new HealthBoard.Fault("http://y", "connection refused"));
    rig.begin(ALL, "a");
    rig.pause("a", true);
    rig.pass(MINUTE);
    rig.faults.clear();
    rig.pass(MINUTE);
    assertEquals("preflight, paused: blue", rig.at("a"));
    rig.pause("a", false);
    assertEquals("step 1 of 2 (5 %): blue 95, green 5", rig.at("a"));
  }

  // ---- several routes ----

  @Test
  void severalRoutesStepAndFinishTogether() {
    CompletionStage<SwitchOutcome> outcome = rig.begin(STEPS, "a", "b");
    for (int i = 0; i < 3; i++) {
      assertEquals(rig.at("a"), rig.at("b"));
      assertEquals(rig.live.get("a").revision(), rig.live.get("b").revision());
      rig.pass(MINUTE);
    }
    assertEquals("over: green", rig.at("a"));
    assertEquals("over: green", rig.at("b"));
    assertEquals(rig.live.get("a").revision(), rig.live.get("b").revision());
    assertTrue(SwitchRig.end(outcome).done());
    assertEquals(List.of("SWITCH_STEP", "SWITCH_STEP", "SWITCH_STEP", "SWITCHED"), rig.kinds());
    assertEquals("routes a, b", rig.events.get(0).subject());
  }

  @Test
  void whereOneRouteFailsAllGoBackTogether() {
    CompletionStage<SwitchOutcome> outcome = rig.begin(STEPS, "a", "b");
    rig.answered("a", 1000, 0);
    rig.answered("b", 100, 50);
    assertEquals("over: blue", rig.at("a"));
    assertEquals("over: blue", rig.at("b"));
    assertEquals(rig.live.get("a").revision(), rig.live.get("b").revision());
    assertEquals(Result.ROLLED_BACK, SwitchRig.end(outcome).result());
    assertEquals(List.of("SWITCH_STEP", "SWITCH_ROLLED_BACK"), rig.kinds());
  }

  @Test
  void aRouteThatLeavesByHandLetsTheOthersGoOn() {
    CompletionStage<SwitchOutcome> outcome = rig.begin(STEPS, "a", "b");
    rig.put(SwitchRig.blueGreen("b"));
    rig.look();
    assertEquals(List.of("SWITCH_STEP", "SWITCH_ABORTED"), rig.kinds());
    assertEquals("route b", rig.events.get(1).subject());
    rig.pass(MINUTE);
    assertEquals("step 2 of 2 (25 %): blue 75, green 25", rig.at("a"));
    assertEquals("over: blue", rig.at("b"));
    rig.pass(MINUTE);
    rig.pass(MINUTE);
    assertTrue(SwitchRig.end(outcome).done());
  }

  /** It was nowhere then, and stayed there. */
  @Test
  void whereTheLastOneBehindLeavesTheOthersGoOn() {
    rig.begin(STEPS, "a", "b");
    Route ahead = rig.route("b");
    rig.put(
        SwitchSteps.moved(
            ahead,
            ahead.running().orElseThrow(),
            SwitchSteps.after(SwitchSteps.first(STEPS).orElseThrow(), STEPS)));
    rig.look();
    assertEquals("step 2 of 2 (25 %): blue 75, green 25", rig.at("b"));
    rig.edit(Edit.delete("a"));
    rig.look();
    rig.pass(MINUTE);
    assertEquals("watch (100 %): green", rig.at("b"));
  }

  @Test
  void routesOfOneSwitchMayLeadToDifferentGroups() {
    Route other =
        Route.builder("b").host("b").group("one", "http://x").group("two", "http://y").build();
    RunningSwitch record =
        new RunningSwitch(
            "s1", "two", other.active(), STEPS, RunningSwitch.Phase.PREFLIGHT, 0, false);
    rig.edit(
        Edit.put(SwitchRig.begun(SwitchRig.blueGreen("a"), STEPS)),
        Edit.put(SwitchSteps.moved(other, record, SwitchSteps.first(STEPS))));
    rig.look();
    for (int i = 0; i < 3; i++) {
      rig.pass(MINUTE);
    }
    assertEquals("over: green", rig.at("a"));
    assertEquals("over: two", rig.at("b"));
    assertEquals(
        "switch s1: all of the traffic goes to a: green, b: two", rig.events.get(3).detail());
  }

  // ---- other people's changes ----

  @Test
  void somebodyWhoMakesAnotherGroupActiveEndsTheSwitch() {
    CompletionStage<SwitchOutcome> outcome = rig.begin(STEPS, "a");
    rig.put(rig.route("a").toBuilder().active(new Active(Map.of("blue", 1, "green", 1))).build());
    rig.look();
    assertEquals("over: blue 1, green 1", sorted(rig.at("a")));
    assertEquals(Result.ABORTED, SwitchRig.end(outcome).result());
    assertEquals(List.of("SWITCH_STEP", "SWITCH_ABORTED"), rig.kinds());
  }

  private static String sorted(String at) {
    return at.equals("over: green 1, blue 1") ? "over: blue 1, green 1" : at;
  }

  @Test
  void somebodyWhoTakesTheRecordAwayEndsTheSwitchAsItIs() {
    CompletionStage<SwitchOutcome> outcome = rig.begin(STEPS, "a");
    rig.put(rig.route("a").toBuilder().running(Optional.empty()).build());
    rig.pass(MINUTE);
    assertEquals("over: blue 95, green 5", rig.at("a"));
    SwitchOutcome end = SwitchRig.end(outcome);
    assertEquals(Result.ABORTED, end.result());
    assertEquals(
        "somebody changed the route, which ends its switch to green; active: blue 95, green 5",
        end.reason());
  }

  @Test
  void aRouteThatIsDeletedEndsItsSwitch() {
    CompletionStage<SwitchOutcome> outcome = rig.begin(STEPS, "a");
    rig.edit(Edit.delete("a"));
    rig.look();
    assertEquals("the route was deleted, and its switch with it", SwitchRig.end(outcome).reason());
  }

  @Test
  void anotherChangeOfTheRouteDoesNotDisturbIt() {
    rig.begin(STEPS, "a");
    rig.pass(Duration.ofSeconds(30));
    rig.put(rig.route("a").toBuilder().retries(7).build());
    rig.pass(Duration.ofSeconds(30));
    assertEquals("step 2 of 2 (25 %): blue 75, green 25", rig.at("a"));
    assertEquals(7, rig.route("a").retries().attempts());
  }

  /** The step was decided from what somebody has changed since. */
  @Test
  void aConflictIsFollowedByWhatIsThere() {
    rig.begin(STEPS, "a");
    rig.held = new ArrayList<>();
    rig.pass(MINUTE);
    assertEquals(1, rig.held.size());
    rig.put(rig.route("a").toBuilder().retries(7).build());
    rig.answer();
    rig.look();
    assertEquals("step 1 of 2 (5 %): blue 95, green 5", rig.at("a"));
    rig.pass(Duration.ofMillis(100));
    assertEquals("step 2 of 2 (25 %): blue 75, green 25", rig.at("a"));
    assertEquals(7, rig.route("a").retries().attempts());
  }

  @Test
  void anAbortThatIsFasterThanAStepWins() {
    CompletionStage<SwitchOutcome> outcome = rig.begin(STEPS, "a");
    rig.held = new ArrayList<>();
    rig.pass(MINUTE);
    Route aborted = SwitchSteps.ended(rig.route("a"), Active.group("blue"));
    rig.endings()
        .announce(
            rig.route("a").running().orElseThrow(),
            aborted,
            SwitchEnding.of(Result.ABORTED, "somebody did"));
    rig.put(aborted);
    rig.answer();
    rig.pass(MINUTE);
    assertEquals("over: blue", rig.at("a"));
    assertEquals(new SwitchOutcome("s1", Result.ABORTED, "somebody did"), SwitchRig.end(outcome));
  }

  /** Somebody announces that he aborts, and is too slow. */
  @Test
  void anEndThatWasAnnouncedButDidNotComeIsNotTold() {
    CompletionStage<SwitchOutcome> outcome =
        rig.begin(SwitchOptions.SAFE.withPreflight(Duration.ZERO), "a");
    Route aborted = SwitchSteps.ended(rig.route("a"), Active.group("blue"));
    rig.held = new ArrayList<>();
    rig.pass(MINUTE);
    rig.endings()
        .announce(
            rig.route("a").running().orElseThrow(),
            aborted,
            SwitchEnding.of(Result.ABORTED, "somebody did"));
    rig.answer();
    rig.look();
    assertTrue(SwitchRig.end(outcome).done());
  }

  @Test
  void aSwitchThatWasWrittenByHandBegins() {
    Route route = SwitchRig.blueGreen("a");
    RunningSwitch record =
        new RunningSwitch(
            "mine", "green", route.active(), STEPS, RunningSwitch.Phase.PREFLIGHT, 0, false);
    rig.put(route.toBuilder().running(Optional.of(record)).build());
    rig.look();
    assertEquals("step 1 of 2 (5 %): blue 95, green 5", rig.at("a"));
  }

  @Test
  void aSwitchThatIsOverBeforeItIsSeenHasAnEnd() {
    Route route = SwitchRig.blueGreen("a");
    rig.put(route);
    CompletionStage<SwitchOutcome> outcome = rig.beginUnseen(STEPS, "a", route);
    assertEquals(Result.ABORTED, SwitchRig.end(outcome).result());
  }

  // ---- the store is away ----

  @Test
  void whileTheStoreIsAwayTheSwitchWaitsAndDoesNotSpin() {
    rig.begin(STEPS, "a");
    rig.away = true;
    rig.pass(MINUTE);
    for (int i = 0; i < 600; i++) { // a minute, looked at every 100 ms
      rig.pass(Duration.ofMillis(100));
    }
    assertEquals("step 1 of 2 (5 %): blue 95, green 5", rig.at("a"));
    assertTrue(rig.submitted <= 37, rig.submitted + " tries"); // one each 2 s in the end
    assertTrue(rig.submitted >= 25, rig.submitted + " tries");
    rig.away = false;
    rig.pass(Duration.ofSeconds(2));
    assertEquals("step 2 of 2 (25 %): blue 75, green 25", rig.at("a"));
  }

  /** Even if the share of errors is a small one by then. */
  @Test
  void goingBackIsTriedUntilTheStoreIsBack() {
    rig.begin(STEPS, "a");
    rig.away = true;
    rig.answered("a", 100, 50);
    rig.answered("a", 100_000, 0);
    rig.pass(MINUTE);
    assertEquals("step 1 of 2 (5 %): blue 95, green 5", rig.at("a"));
    rig.away = false;
    rig.pass(Duration.ofSeconds(2));
    assertEquals("over: blue", rig.at("a"));
    assertEquals(List.of("SWITCH_STEP", "SWITCH_ROLLED_BACK"), rig.kinds());
  }

  // ---- restarts ----

  @Test
  void afterARestartEachPhaseGoesOnAndItsTimeBeginsAnew() {
    rig.faults.add(new HealthBoard.Fault("http://y", "connection refused"));
    rig.begin(ALL, "a", "b");
    rig.pass(Duration.ofSeconds(20));
    rig.restart();
    assertEquals(List.of("SWITCH_RESUMED"), rig.kinds());
    rig.pass(Duration.ofSeconds(20));
    assertEquals("preflight: blue", rig.at("a"));
    rig.faults.clear();
    rig.look();

    for (String phase : List.of("step 1 of 2 (5 %)", "step 2 of 2 (25 %)", "watch (100 %)")) {
      assertTrue(rig.at("a").startsWith(phase), rig.at("a"));
      rig.pass(Duration.ofSeconds(40));
      rig.restart();
      assertEquals(List.of("SWITCH_RESUMED"), rig.kinds());
      rig.pass(Duration.ofSeconds(40));
      assertTrue(rig.at("a").startsWith(phase), rig.at("a"));
      rig.pass(Duration.ofSeconds(20));
    }
    assertEquals("over: green", rig.at("a"));
    assertEquals("over: green", rig.at("b"));
    assertEquals(List.of("SWITCH_RESUMED", "SWITCHED"), rig.kinds());
  }

  @Test
  void afterARestartItStillGoesBack() {
    rig.begin(STEPS, "a");
    rig.restart();
    rig.answered("a", 100, 50);
    assertEquals("over: blue", rig.at("a"));
  }

  @Test
  void afterARestartAPausedSwitchIsStillPaused() {
    rig.begin(STEPS, "a");
    rig.pause("a", true);
    rig.restart();
    assertEquals(List.of("SWITCH_PAUSED"), rig.kinds());
    rig.pass(MINUTE.multipliedBy(5));
    assertEquals("step 1 of 2 (5 %), paused: blue 95, green 5", rig.at("a"));
    rig.pause("a", false);
    rig.pass(MINUTE);
    assertEquals("step 2 of 2 (25 %): blue 75, green 25", rig.at("a"));
  }

  /** The answer of the store was lost, the change was not. */
  @Test
  void whatACrashLeavesBetweenStoreAndAnswerGoesOn() {
    rig.begin(STEPS, "a");
    rig.held = new ArrayList<>();
    rig.pass(MINUTE);
    List<Runnable> lost = Objects.requireNonNull(rig.held);
    rig.held = null;
    rig.restart();
    lost.forEach(Runnable::run);
    rig.pass(SECOND);
    assertEquals("step 2 of 2 (25 %): blue 75, green 25", rig.at("a"));
    rig.pass(MINUTE);
    assertEquals("watch (100 %): green", rig.at("a"));
  }

  // ---- several proxies on one store ----

  @Test
  void whoDoesNotLeadFollowsAndLeavesTheRestToTheLeader() {
    rig.leads = false;
    CompletionStage<SwitchOutcome> outcome = rig.begin(STEPS, "a");
    rig.pass(MINUTE);
    rig.answered("a", 100, 100);
    assertEquals("step 1 of 2 (5 %): blue 95, green 5", rig.at("a"));
    assertEquals(0, rig.submitted);
    rig.put(SwitchSteps.ended(rig.route("a"), Active.group("green")));
    rig.look();
    assertTrue(SwitchRig.end(outcome).done());
    assertEquals(List.of(), rig.kinds());
  }
}
