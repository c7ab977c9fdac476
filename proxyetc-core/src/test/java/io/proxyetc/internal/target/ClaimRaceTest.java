package io.proxyetc.internal.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;

/** What must hold when requests claim while the configuration changes. */
class ClaimRaceTest {
  private static final Target TARGET = Target.of("http://h:80");
  private static final int CLAIMERS = 3;

  private final TargetRegistry registry = new TargetRegistry();
  private final ExecutorService threads = Executors.newFixedThreadPool(CLAIMERS + 1);

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @RepeatedTest(50)
  void noClaimSucceedsOnceATargetWasSeenDrained() throws Exception {
    TargetState target = registry.target("r", "g", TARGET, TargetTls.DEFAULT);
    AtomicBoolean drained = new AtomicBoolean();
    CountDownLatch claimed = new CountDownLatch(CLAIMERS);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < CLAIMERS; i++) {
      running.add(
          threads.submit(
              () -> {
                boolean mayClaim = !drained.get();
                while (target.tryClaim()) {
                  assertTrue(mayClaim, "claimed after it was drained");
                  claimed.countDown();
                  target.release();
                  mayClaim = !drained.get();
                }
              }));
    }
    claimed.await();
    registry.retainTargets("r", Set.of());
    while (!target.drained()) {
      Thread.onSpinWait();
    }
    drained.set(true);
    assertEquals(0, target.inFlight());
    for (Future<?> each : running) {
      each.get(10, TimeUnit.SECONDS);
    }
    assertTrue(target.drained());
    assertEquals(List.of(), registry.addresses(), "what is drained is freed");
  }

  @RepeatedTest(50)
  void whatIsRetiredAndRevivedInTurnsLosesNoClaim() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger live = new AtomicInteger();
    TargetState first = registry.target("r", "g", TARGET, TargetTls.DEFAULT);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < CLAIMERS; i++) {
      running.add(
          threads.submit(
              () -> {
                while (!stop.get()) {
                  if (first.tryClaim()) {
                    live.incrementAndGet();
                    first.address().tryOpen(2);
                    live.decrementAndGet();
                    first.release();
                  }
                }
              }));
    }
    for (int i = 0; i < 200; i++) {
      registry.retainTargets("r", Set.of());
      registry.target("r", "g", TARGET, TargetTls.DEFAULT);
    }
    stop.set(true);
    for (Future<?> each : running) {
      each.get(10, TimeUnit.SECONDS);
    }
    assertEquals(0, first.inFlight());
    assertEquals(0, live.get());
    assertTrue(first.address().open() <= 2);
  }

  @RepeatedTest(50)
  void noMoreSocketsThanAllowedAreOpen() throws Exception {
    AddressState address = registry.target("r", "g", TARGET, TargetTls.DEFAULT).address();
    AtomicInteger open = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < CLAIMERS; i++) {
      running.add(
          threads.submit(
              () -> {
                for (int n = 0; n < 1_000; n++) {
                  if (address.tryOpen(2)) {
                    assertFalse(open.incrementAndGet() > 2);
                    open.decrementAndGet();
                    address.closed();
                  }
                }
              }));
    }
    for (Future<?> each : running) {
      each.get(10, TimeUnit.SECONDS);
    }
    assertEquals(0, address.open());
  }
}
