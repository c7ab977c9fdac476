package io.proxyetc.internal.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.testkit.Await;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Nobody waits while there is room, and nobody overtakes. */
class PendingQueueTest {
  private static final int LIMIT = 2;
  private static final int THREADS = 4;
  private static final int VISITORS = 400;

  private final TargetRegistry registry = new TargetRegistry();
  private final List<TargetState> targets =
      List.of(target("http://a:80"), target("http://b:80"), target("http://c:80"));
  private final GroupLoad load = targets.get(0).group().load(targets);
  private final PendingQueue queue = load.pending();
  private final List<ExecutorService> loops = new ArrayList<>();
  private final AtomicInteger left = new AtomicInteger();

  private TargetState target(String url) {
    return registry.target("r", "g", Target.of(url), TargetTls.DEFAULT);
  }

  private boolean room() {
    return targets.stream().anyMatch(target -> target.inFlight() < LIMIT);
  }

  @BeforeEach
  void limit() {
    load.limited();
  }

  @AfterEach
  void stop() {
    loops.forEach(ExecutorService::shutdownNow);
  }

  /** A request as it behaves in the proxy: all of it on one thread, but for the wake. */
  private final class Visitor implements PendingQueue.Waiter {
    private final ExecutorService loop;
    private PendingQueue.@Nullable Place place;
    private @Nullable TargetState claimed;
    private boolean resting;
    private boolean over;
    private int signals;

    Visitor(ExecutorService loop) {
      this.loop = loop;
    }

    void come() {
      if (!claim()) {
        signals = queue.signals();
        PendingQueue.Place taken = queue.join(this, VISITORS);
        assertNotNull(taken);
        place = taken;
        look(taken, taken.first());
      }
    }

    private void look(PendingQueue.Place from, boolean may) {
      if (may && claim()) {
        leave();
      } else {
        resting = true;
        from.stay(signals);
      }
    }

    private boolean claim() {
      for (TargetState each : targets) {
        if (each.tryClaim(LIMIT, place != null)) {
          claimed = each;
          return true;
        }
      }
      return false;
    }

    @Override
    public void wake() {
      loop.execute(
          () -> {
            PendingQueue.Place present = place;
            if (resting && present != null) {
              resting = false;
              signals = queue.signals();
              look(present, true);
            }
          });
    }

    private void leave() {
      PendingQueue.Place present = place;
      place = null;
      resting = false;
      if (present != null) {
        present.leave(PendingQueueTest.this::room);
      }
    }

    /** Its request is done, or its client goes away, whatever it is about. */
    void end() {
      if (!over) {
        over = true;
        leave();
        TargetState given = claimed;
        claimed = null;
        if (given != null) {
          given.release();
        }
        left.incrementAndGet();
      }
    }
  }

  private void awaitQuiet() throws Exception {
    for (int round = 0; round < 3; round++) { // who is woken on one thread may wake one on another
      for (ExecutorService loop : loops) {
        loop.submit(() -> {}).get(10, TimeUnit.SECONDS);
      }
    }
  }

  @RepeatedTest(50)
  void nobodyWaitsWhileThereIsRoom() throws Exception {
    Random random = new Random();
    long seed = random.nextLong();
    random.setSeed(seed);
    for (int i = 0; i < THREADS; i++) {
      loops.add(Executors.newSingleThreadExecutor());
    }
    List<Visitor> visitors = new ArrayList<>();
    for (int i = 0; i < VISITORS; i++) {
      Visitor visitor = new Visitor(loops.get(random.nextInt(THREADS)));
      visitors.add(visitor);
      visitor.loop.execute(visitor::come);
      if (random.nextInt(3) == 0) {
        Visitor any = visitors.get(random.nextInt(visitors.size()));
        any.loop.execute(any::end);
      }
      if (i % 100 == 99) {
        assertNoRoomOrNobody(seed);
      }
    }
    while (left.get() < VISITORS) {
      for (int i = 0; i < 40; i++) {
        Visitor any = visitors.get(random.nextInt(visitors.size()));
        any.loop.execute(any::end);
      }
      // Those that are served end: nothing but their release must wake the others.
      for (Visitor each : visitors) {
        each.loop.execute(
            () -> {
              if (each.claimed != null) {
                each.end();
              }
            });
      }
      assertNoRoomOrNobody(seed);
    }
    assertEquals(0, queue.size(), () -> "seed " + seed);
    targets.forEach(target -> assertEquals(0, target.inFlight()));
    assertEquals(0, targets.get(0).group().load().inFlight());
  }

  /** Once all threads have come to rest. */
  private void assertNoRoomOrNobody(long seed) throws Exception {
    awaitQuiet();
    Await.until(
        "nobody waits, or there is no room; seed " + seed,
        () -> queue.size() == 0 || targets.stream().allMatch(target -> target.inFlight() == LIMIT));
    targets.forEach(target -> assertTrue(target.inFlight() <= LIMIT));
  }

  /** The order in which they came, however they are woken. */
  @Test
  void theFirstIsWokenFirst() {
    List<Integer> woken = new ArrayList<>();
    List<PendingQueue.Place> places = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int number = i;
      PendingQueue.Place place = queue.join(() -> woken.add(number), 4);
      assertNotNull(place);
      place.stay(queue.signals());
      places.add(place);
    }
    assertNull(queue.join(() -> woken.add(9), 4), "there are as many as may be");
    queue.signal();
    assertEquals(List.of(0), woken);
    places.get(0).stay(queue.signals()); // found no room
    queue.signal();
    assertEquals(List.of(0, 0), woken);
    places.get(0).leave(() -> true); // has room: there may be some for the next
    assertEquals(List.of(0, 0, 1), woken);
    places.get(2).leave(() -> true); // gone
    places.get(1).leave(() -> true);
    assertEquals(List.of(0, 0, 1, 3), woken);
    places.get(3).leave(() -> true);
    assertFalse(queue.awaited());
  }

  @Test
  void aSignalWhileSomebodyLooksIsNotLost() {
    AtomicInteger woken = new AtomicInteger();
    PendingQueue.Place place = queue.join(woken::incrementAndGet, 1);
    assertNotNull(place);
    int before = queue.signals();
    queue.signal();
    assertEquals(0, woken.get());
    place.stay(before);
    assertEquals(1, woken.get());
    place.leave(() -> true);
  }

  @Test
  void newcomersStandBackWhileOthersWait() {
    PendingQueue.Place place = queue.join(() -> {}, 1);
    assertNotNull(place);
    assertFalse(targets.get(0).tryClaim(LIMIT));
    assertTrue(targets.get(0).tryClaim(LIMIT, true));
    place.leave(() -> true);
    assertTrue(targets.get(0).tryClaim(LIMIT));
  }

  @Test
  void aSocketThatIsFreeWakesTheFirst() {
    AtomicInteger woken = new AtomicInteger();
    PendingQueue.Place place = queue.join(woken::incrementAndGet, 1);
    assertNotNull(place);
    place.stay(queue.signals());
    AddressState address = targets.get(1).address();
    address.watch(queue);
    address.watch(queue);
    assertTrue(address.tryOpen(1));
    address.closed();
    assertEquals(1, woken.get());
    place.stay(queue.signals());
    address.freed();
    assertEquals(2, woken.get());
    place.leave(() -> true);
  }

  @Test
  void aTargetThatRecoversAndAnotherRouteWakeAll() {
    AtomicInteger woken = new AtomicInteger();
    List<PendingQueue.Place> places = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      PendingQueue.Place place = queue.join(woken::incrementAndGet, 3);
      assertNotNull(place);
      places.add(place);
    }
    places.forEach(place -> place.stay(queue.signals()));
    targets.get(0).probed(false, 0, 0);
    assertEquals(0, woken.get());
    targets.get(0).probed(true, 0, 0);
    assertEquals(3, woken.get());
    places.forEach(place -> place.stay(queue.signals()));
    registry.route("r").changed();
    assertEquals(6, woken.get());
    places.forEach(place -> place.leave(() -> true));
  }

  /** An address outlives the routes that had targets there: it must not remember their queues. */
  @Test
  void anAddressForgetsTheQueueOfATargetThatIsGone() {
    AddressState address = targets.get(0).address();
    address.watch(queue);
    registry.target("other", "g", Target.of("http://a:80"), TargetTls.DEFAULT);
    AtomicInteger woken = new AtomicInteger();
    PendingQueue.Place place = queue.join(woken::incrementAndGet, 1);
    assertNotNull(place);
    place.stay(queue.signals());
    registry.retainTargets("r", Set.of());
    registry.addresses();
    address.freed();
    assertEquals(0, woken.get());
    place.leave(() -> true);
  }
}
