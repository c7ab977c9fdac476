package io.proxyetc.internal.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Drain;
import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.target.TargetState.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Time is moved by hand: none of it is waited for. */
class DrainsTest {
  private static final Target TARGET = Target.of("http://h:80");
  private static final Target DRAIN = TARGET.withState(Target.State.DRAIN);
  private static final Target DISABLED = TARGET.withState(Target.State.DISABLED);
  private static final Drain IN_30 = Drain.DEFAULT;
  private static final Drain IN_5 = new Drain(Duration.ofSeconds(5), Drain.OnRemove.DRAIN);
  private static final Drain CLOSE = new Drain(Duration.ofSeconds(30), Drain.OnRemove.CLOSE);
  private static final Drain KEEP = new Drain(Duration.ofSeconds(30), Drain.OnRemove.KEEP);

  private final TargetRegistry registry = new TargetRegistry();
  private final List<TargetState> cut = new ArrayList<>();
  private final List<Task> tasks = new ArrayList<>();
  private final Drains drains = new Drains(this::later, () -> {});
  private long now;

  private record Task(long at, FutureTask<?> future) {}

  DrainsTest() {
    drains.cutWith(cut::add);
  }

  private Future<?> later(Runnable task, long nanos) {
    FutureTask<?> future = new FutureTask<>(task, null);
    tasks.add(new Task(now + nanos, future));
    return future;
  }

  private void pass(int seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
    for (Task task : List.copyOf(tasks)) {
      if (task.at <= now) {
        tasks.remove(task);
        task.future.run();
      }
    }
  }

  /** The target is planned and live, as a snapshot says. */
  private TargetState live(Target said, Drain drain) {
    TargetState target = plan(said);
    drains.live(Map.of(target, said), drain);
    return target;
  }

  private TargetState plan(Target said) {
    return registry.target("r", "g", said, TargetTls.DEFAULT);
  }

  private void remove(Drain drain) {
    drains.retired(registry.retainTargets("r", Set.of()), drain);
  }

  private TargetState busy() {
    TargetState target = live(TARGET, IN_30);
    assertTrue(target.tryClaim());
    return target;
  }

  @Test
  void whatIsRemovedIsCutAtItsDeadlineAndNotBefore() {
    TargetState target = busy();
    remove(IN_30);
    pass(29);
    assertEquals(List.of(), cut);
    assertFalse(target.isCut());
    pass(1);
    assertEquals(List.of(target), cut);
    assertTrue(target.isCut());
    assertEquals(0, drains.waiting());
  }

  @Test
  void whatEndsByItselfIsNotCut() {
    TargetState target = busy();
    remove(IN_30);
    target.release();
    pass(30);
    assertEquals(List.of(), cut);
    assertEquals(0, drains.waiting());
    assertEquals(List.of(), registry.addresses());
  }

  @Test
  void whatHasNothingInFlightIsNotWaitedFor() {
    live(TARGET, IN_30);
    remove(IN_30);
    assertEquals(0, drains.waiting());
    assertEquals(List.of(), registry.addresses());
  }

  @Test
  void closeCutsAtOnceAndKeepNever() {
    TargetState target = busy();
    remove(CLOSE);
    assertEquals(List.of(target), cut);
    assertEquals(0, drains.waiting());
    live(TARGET, KEEP);
    assertFalse(target.isCut(), "what comes now is new");
    remove(KEEP);
    pass(1_000_000);
    assertEquals(List.of(target), cut);
    assertEquals(0, drains.waiting());
  }

  @Test
  void whatComesBackBeforeItsDeadlineIsNotCut() {
    TargetState target = busy();
    remove(IN_30);
    pass(29);
    assertEquals(target, live(TARGET, IN_30));
    pass(100);
    assertEquals(List.of(), cut);
    assertTrue(target.tryClaim());
    assertEquals(0, drains.waiting());
  }

  /** Between the plan that revives it and the moment when that is live, its deadline passed. */
  @Test
  void whatComesBackWhileItsDeadlinePassesIsNotRefusedForGood() {
    TargetState target = busy();
    remove(IN_30);
    plan(TARGET);
    pass(30);
    assertTrue(target.isCut());
    drains.live(Map.of(target, TARGET), IN_30);
    assertFalse(target.isCut());
    assertEquals(Standing.FIT, target.standing(0));
  }

  @Test
  void drainKeepsWhatIsThereUntilItsDeadline() {
    TargetState target = busy();
    live(DRAIN, IN_30);
    assertEquals(Standing.REFUSED, target.standing(0));
    assertEquals(Standing.FIT, target.standingForSticky(0));
    assertTrue(target.tryClaim(), "by a sticky client");
    pass(29);
    assertEquals(List.of(), cut);
    pass(1);
    assertEquals(List.of(target), cut);
    assertEquals(Standing.REFUSED, target.standingForSticky(0));
  }

  @Test
  void anotherChangeOfTheRouteDoesNotPutTheDeadlineOff() {
    TargetState target = busy();
    live(DRAIN, IN_30);
    pass(20);
    live(DRAIN.withWeight(7), IN_30);
    pass(10);
    assertEquals(List.of(target), cut);
    live(DRAIN.withWeight(8), IN_30);
    assertTrue(target.isCut(), "who is still on the way to it must not begin");
    pass(100);
    assertEquals(List.of(target), cut, "once");
    assertEquals(0, drains.waiting());
  }

  @Test
  void whatDrainedBeforeItWasRemovedGoesByItsFirstDeadline() {
    TargetState target = busy();
    live(DRAIN, IN_30);
    pass(20);
    remove(IN_30);
    pass(10);
    assertEquals(List.of(target), cut);
    assertEquals(0, drains.waiting());
  }

  @Test
  void readyAgainBeforeTheDeadlineCutsNothing() {
    TargetState target = busy();
    live(DRAIN, IN_30);
    pass(29);
    live(TARGET, IN_30);
    pass(100);
    assertEquals(List.of(), cut);
    assertEquals(Standing.FIT, target.standing(0));
    live(DRAIN, IN_5);
    pass(5);
    assertEquals(List.of(target), cut, "a drain of its own");
  }

  /** The task of a drain that was called off runs late: it must not end the next one. */
  @Test
  void aDrainIsNotEndedByTheDeadlineOfTheOneBefore() {
    TargetState target = busy();
    live(DRAIN, IN_5);
    FutureTask<?> late = tasks.get(0).future;
    List<Runnable> held = new ArrayList<>();
    Drains slow = new Drains((task, nanos) -> hold(held, task, late), () -> {});
    slow.cutWith(cut::add);
    slow.live(Map.of(target, DRAIN), IN_5);
    slow.live(Map.of(target, TARGET), IN_5);
    slow.live(Map.of(target, DRAIN), IN_5);
    held.get(0).run();
    assertEquals(List.of(), cut);
    held.get(1).run();
    assertEquals(List.of(target), cut);
  }

  private static Future<?> hold(List<Runnable> held, Runnable task, Future<?> future) {
    held.add(task);
    return future;
  }

  @Test
  void disabledCutsAtOnceAndOnce() {
    TargetState target = busy();
    live(DISABLED, IN_30);
    assertEquals(List.of(target), cut);
    live(DISABLED.withWeight(3), IN_30);
    assertEquals(List.of(target), cut);
    assertEquals(Standing.REFUSED, target.standing(0));
    live(TARGET, IN_30);
    assertEquals(Standing.FIT, target.standing(0));
  }

  /** A request that found it fit a moment ago claims it only now. */
  @Test
  void whoClaimsADisabledTargetAllTheSameSeesThatItIsCut() {
    TargetState target = live(TARGET, IN_30);
    live(DISABLED, IN_30);
    assertTrue(target.tryClaim());
    assertTrue(target.isCut());
  }

  /** Requests go by the table before until the new one is live, which may name another target. */
  @Test
  void whatAPlanHasAgainstATargetWaitsUntilItIsLive() {
    TargetState target = live(TARGET, IN_30);
    plan(DISABLED);
    assertEquals(Standing.FIT, target.standing(0));
    plan(DRAIN);
    assertEquals(Standing.FIT, target.standing(0));
    drains.live(Map.of(target, TARGET), IN_30); // the plan was refused
    assertEquals(Target.State.READY, target.target().state());
    live(DISABLED, IN_30);
    plan(TARGET);
    assertEquals(Standing.FIT, target.standing(0), "the new table may have no other");
    drains.live(Map.of(target, DISABLED), IN_30); // this one was refused, too
    assertEquals(Standing.REFUSED, target.standing(0));
  }

  @Test
  void targetsThatComeAndGoFasterThanTheirDeadlinesAreNotKept() {
    for (int i = 0; i < 10_000; i++) {
      TargetState target =
          registry.target("r", "g", Target.of("http://h:" + (i + 1)), TargetTls.DEFAULT);
      assertTrue(target.tryClaim());
      remove(new Drain(Duration.ofDays(1), Drain.OnRemove.DRAIN));
      target.release();
    }
    assertTrue(drains.waiting() <= 64, drains.waiting() + " wait");
    assertEquals(List.of(), registry.addresses());
  }

  @Test
  void aChangeWhileTheProxyClosesIsNoFault() {
    Drains closed = new Drains("drain-test");
    TargetState target = busy();
    closed.close();
    closed.retired(registry.retainTargets("r", Set.of()), IN_30);
    assertFalse(target.isCut());
  }
}
