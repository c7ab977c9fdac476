package io.proxyetc.internal.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Drain;
import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;

/**
 * A target's words of state under many threads at once, thousands of times each: what is found in
 * the end, whatever the order in which they came.
 */
class TargetStressTest {
  private static final Target TARGET = Target.of("http://h:80");
  private static final Target DISABLED = TARGET.withState(Target.State.DISABLED);
  private static final int ROUNDS = 2_000;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final TargetRegistry registry = new TargetRegistry();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private TargetState target() {
    return registry.target("r", "g", TARGET, TargetTls.DEFAULT);
  }

  /** Runs both at the same time, so often; then the check. */
  private void race(Runnable prepare, Runnable one, Runnable other, Runnable check)
      throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    Runnable[] both = {one, other};
    List<Future<?>> running = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      int which = t;
      running.add(
          threads.submit(
              () -> {
                for (int i = 0; i < ROUNDS; i++) {
                  if (which == 0) {
                    prepare.run();
                  }
                  start.await(10, TimeUnit.SECONDS);
                  both[which].run();
                  start.await(10, TimeUnit.SECONDS);
                  if (which == 0) {
                    check.run();
                  }
                }
                return null;
              }));
    }
    for (Future<?> each : running) {
      each.get(60, TimeUnit.SECONDS);
    }
  }

  /** A reader on an old table: it claims, or the target was retired before. */
  @RepeatedTest(3)
  void aClaimThatMeetsARetireIsCountedOrRefused() throws Exception {
    TargetState target = target();
    AtomicBoolean claimed = new AtomicBoolean();
    AtomicBoolean drainedAtOnce = new AtomicBoolean();
    race(
        target::revive,
        () -> claimed.set(target.tryClaim()),
        () -> {
          target.retire();
          drainedAtOnce.set(target.drained());
        },
        () -> {
          assertFalse(claimed.get() && drainedAtOnce.get(), "claimed after it was drained");
          assertEquals(claimed.get() ? 1 : 0, target.inFlight());
          assertFalse(target.tryClaim());
          if (claimed.get()) {
            target.release();
          }
          assertTrue(target.drained());
        });
  }

  /** Either the one who cuts sees the claim, or the claimer sees the flag. */
  @RepeatedTest(3)
  void noClaimEscapesBothTheCutAndItsOwnLook() throws Exception {
    TargetState target = target();
    Drains drains = new Drains((task, nanos) -> new FutureTask<>(task, null), () -> {});
    AtomicBoolean seen = new AtomicBoolean();
    drains.cutWith(cut -> seen.set(true));
    AtomicBoolean begins = new AtomicBoolean();
    race(
        () -> {
          drains.live(Map.of(target, TARGET), Drain.DEFAULT);
          seen.set(false);
        },
        () -> {
          assertTrue(target.tryClaim());
          begins.set(!target.isCut());
        },
        () -> drains.live(Map.of(target, DISABLED), Drain.DEFAULT),
        () -> {
          assertTrue(seen.get() || !begins.get(), "it goes on at a disabled target");
          target.release();
        });
  }

  @RepeatedTest(3)
  void aTargetThatComesBackAsItsTimeIsOverIsFit() throws Exception {
    AtomicInteger turn = new AtomicInteger();
    FutureTask<?>[] deadline = {new FutureTask<>(() -> {}, null)};
    Drains drains =
        new Drains(
            (task, nanos) -> {
              deadline[0] = new FutureTask<>(task, null);
              return deadline[0];
            },
            () -> {});
    TargetState target = target();
    assertTrue(target.tryClaim());
    race(
        () -> drains.retired(registry.retainTargets("r", Set.of()), Drain.DEFAULT),
        () -> drains.live(Map.of(target(), TARGET), Drain.DEFAULT),
        () -> deadline[0].run(),
        () -> {
          turn.incrementAndGet();
          assertEquals(TargetState.Standing.FIT, target.standing(0), "in round " + turn);
          assertFalse(target.isCut());
          assertEquals(0, drains.waiting());
        });
  }

  /** What fails and what works comes from two threads; no flag stays without its reason. */
  @RepeatedTest(3)
  void anEjectionAndAnAnswerLeaveOneOfBoth() throws Exception {
    long second = TimeUnit.SECONDS.toNanos(1);
    TargetState target = target();
    race(
        () -> {
          while (target.worked()) {
            assertFalse(target.inTrouble());
          }
        },
        () -> {
          target.eject(0, second, second, true);
          target.worked();
          target.eject(0, second, second, true);
        },
        target::worked,
        () -> assertEquals(target.inTrouble(), target.ejected(1)));
  }

  @RepeatedTest(3)
  void theLoadOfAGroupIsTheSumOfItsTargetsInTheEnd() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    List<TargetState> targets = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      targets.add(registry.target("r", "g", Target.of("http://h:" + i), TargetTls.DEFAULT));
    }
    GroupState group = targets.get(0).group();
    List<Future<Integer>> claimers = new ArrayList<>();
    for (int t = 0; t < 3; t++) {
      int seed = t;
      claimers.add(threads.submit(() -> claimAndRelease(targets, seed, stop)));
    }
    Future<?> watching =
        threads.submit(
            () -> {
              while (!stop.get()) {
                assertTrue(group.load().inFlight() >= 0);
                targets.forEach(target -> assertTrue(target.inFlight() >= 0));
              }
            });
    Drains drains = new Drains((task, nanos) -> new FutureTask<>(task, null), () -> {});
    Drain brief = new Drain(Duration.ofSeconds(1), Drain.OnRemove.DRAIN);
    for (int i = 0; i < ROUNDS; i++) {
      if (i == ROUNDS / 10) {
        group.load(targets); // in the middle of all that
      }
      TargetState one = targets.get(i % 3);
      switch (i % 4) {
        case 0 -> one.retire();
        case 1 -> one.cut();
        case 2 -> drains.live(Map.of(one, i % 8 < 4 ? DISABLED : TARGET), brief);
        default -> targets.forEach(TargetState::revive);
      }
    }
    targets.forEach(TargetState::revive);
    stop.set(true);
    int held = 0;
    for (Future<Integer> each : claimers) {
      held += each.get(10, TimeUnit.SECONDS);
    }
    watching.get(10, TimeUnit.SECONDS);
    assertEquals(held, targets.stream().mapToInt(TargetState::inFlight).sum());
    assertEquals(held, group.load().inFlight());
  }

  /** Gives back all but the last claim of each target that it got; says how many it keeps. */
  private static int claimAndRelease(List<TargetState> targets, int seed, AtomicBoolean stop) {
    int[] held = new int[targets.size()];
    for (int i = seed; !stop.get(); i++) {
      int which = i % held.length;
      if (targets.get(which).tryClaim()) {
        held[which]++;
      }
      if (held[which] > 1) {
        targets.get(which).release();
        held[which]--;
      }
    }
    int kept = 0;
    for (int each : held) {
      kept += each;
    }
    return kept;
  }
}
