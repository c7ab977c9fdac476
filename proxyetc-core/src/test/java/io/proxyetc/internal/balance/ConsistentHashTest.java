package io.proxyetc.internal.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Balancing;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.Balancer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConsistentHashTest {
  private static final Asked ANN = new Asked(-1, 11, 22, 33, 44);

  @Test
  void whatIsHashedIsWhatTheRouteSays() {
    TargetList list = TargetList.ofEqual(100);
    Asked noUser = new Asked(-1, 11, 22, 0, 0);
    Balancer.Picker client = list.picker(Balancing.byClient(), list::inFlight);
    assertEquals(client.pick(ANN, 0), client.pick(new Asked(-1, 11, 5, 6, 7), 0));
    int byClient = client.pick(ANN, 0);

    assertSame(list, Balancing.byPath(), new Asked(-1, 5, 22, 6, 7));
    assertSame(list, Balancing.byHeader("X-User"), new Asked(-1, 5, 6, 33, 7));
    assertSame(list, Balancing.byCookie("user"), new Asked(-1, 5, 6, 7, 44));
    for (Balancing keyed : List.of(Balancing.byHeader("X-User"), Balancing.byCookie("user"))) {
      assertEquals(byClient, list.picker(keyed, list::inFlight).pick(noUser, 0));
    }
  }

  private static void assertSame(TargetList list, Balancing balancing, Asked sameKey) {
    Balancer.Picker picker = list.picker(balancing, list::inFlight);
    assertEquals(picker.pick(ANN, 0), picker.pick(sameKey, 0));
    Set<Integer> others = new HashSet<>();
    IntStream.range(0, 50).forEach(i -> others.add(picker.pick(Asked.number(i), 0)));
    assertTrue(others.size() > 25, "other keys go elsewhere");
  }

  /** So that its keys do not move a second time when it is taken out of the list. */
  @Test
  void oneThatIsDownLeavesItsKeysToWhomTheyWouldGoIfItWereGone() {
    TargetList all = TargetList.ofEqual(20);
    Balancer.Picker down = all.picker(Balancing.CONSISTENT_HASH);
    Balancer.Picker gone = TargetList.ofEqual(19).picker(Balancing.CONSISTENT_HASH);
    all.down(19);
    for (int i = 0; i < 5_000; i++) {
      assertEquals(gone.pick(Asked.number(i), 0), down.pick(Asked.number(i), 0));
    }
  }

  @Test
  void aRetryGoesWhereTheKeyGoesOnceTheTargetIsDown() {
    TargetList list = TargetList.ofEqual(20);
    Balancer.Picker picker = list.picker(Balancing.CONSISTENT_HASH);
    for (int i = 0; i < 100; i++) {
      Asked request = Asked.number(i);
      int first = picker.pick(request, 0);
      int retry = picker.pick(request.after(first), 1);
      list.down(first);
      assertEquals(retry, picker.pick(request, 0));
      list.now += 20 * TargetList.SECOND;
    }
  }

  /** One by one, so that the bound can be reckoned in another way beside it. */
  @Test
  void noTargetIsEverOverItsBoundAndThePickHasRoom() {
    Random random = new Random(3);
    for (String maxLoad : List.of("1.05", "1.1", "1.25", "1.3333", "2", "100")) {
      int[] weights = {3, 1, 0, 10, 1, 5};
      TargetList list = new TargetList(weights);
      Balancing balancing = Balancing.byClient().withMaxLoad(Double.parseDouble(maxLoad));
      BoundedPicker picker = (BoundedPicker) list.picker(balancing, list::inFlight);
      Deque<TargetState> running = new ArrayDeque<>();
      for (int i = 0; i < 3_000; i++) {
        Asked request = Asked.number(random.nextInt(3));
        int index = picker.pick(request, 0);
        int bound = bound(maxLoad, list.inFlight(), weights[index], 20);
        assertEquals(bound, picker.bound(index));
        TargetState target = list.states.get(index);
        assertTrue(target.inFlight() < bound, "the pick has room");
        assertTrue(target.tryClaim());
        running.add(target);
        while (running.size() > 0 && random.nextInt(200) < running.size()) {
          running.remove().release();
        }
      }
    }
  }

  private static int bound(String maxLoad, int inFlight, int weight, int sum) {
    return new BigDecimal(maxLoad)
        .multiply(BigDecimal.valueOf((inFlight + 1L) * weight))
        .divide(BigDecimal.valueOf(sum), 0, RoundingMode.CEILING)
        .intValueExact();
  }

  @Test
  void whatIsBeyondGoesToTheNextOnTheRingAndComesBack() {
    TargetList list = TargetList.ofEqual(10);
    BoundedPicker picker = (BoundedPicker) list.picker(Balancing.byClient(), list::inFlight);
    int home = picker.pick(ANN, 0);
    int next = picker.pick(ANN.after(home), 1);
    assertTrue(list.states.get(home).tryClaim());
    assertEquals(1, picker.bound(home));
    assertEquals(next, picker.pick(ANN, 0));
    list.states.get(home).release();
    assertEquals(home, picker.pick(ANN, 0));
  }

  @Test
  void severalThreadsTogetherKeepToTheBound() throws Exception {
    int threads = 4;
    int each = 10;
    TargetList list = TargetList.ofEqual(5);
    AtomicInteger total = new AtomicInteger();
    BoundedPicker picker = (BoundedPicker) list.picker(Balancing.byClient(), total::get);
    int[] most = new int[5]; // each under the lock of its target
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    List<Future<?>> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      running.add(
          executor.submit(
              () -> {
                Deque<TargetState> held = new ArrayDeque<>();
                for (int i = 0; i < 20_000; i++) {
                  held.add(claimUnderTheBound(picker, list, most, total));
                  if (held.size() == each) {
                    total.decrementAndGet();
                    held.remove().release();
                  }
                }
                held.forEach(TargetState::release);
                return null;
              }));
    }
    for (Future<?> one : running) {
      one.get(60, TimeUnit.SECONDS);
    }
    executor.shutdown();
    int bound = bound("1.25", threads * each, 1, 5);
    for (int index = 0; index < most.length; index++) {
      assertTrue(most[index] <= bound, () -> Arrays.toString(most) + " over " + bound);
    }
    // All have the same key: without the bound its home would have had all of them.
    assertTrue(Arrays.stream(most).max().orElseThrow() > bound / 2, Arrays.toString(most));
  }

  /** Whoever is refused goes on to the next candidate, and begins anew behind the last. */
  private static TargetState claimUnderTheBound(
      BoundedPicker picker, TargetList list, int[] most, AtomicInteger total) {
    Asked request = ANN;
    for (int attempt = 0; ; attempt++) {
      int index = picker.pick(request, attempt);
      if (index < 0) {
        attempt = -1;
        request = ANN;
        Thread.onSpinWait();
        continue;
      }
      TargetState target = list.states.get(index);
      synchronized (target) {
        int bound = picker.bound(index);
        if (target.inFlight() < bound && target.tryClaim()) {
          total.incrementAndGet();
          most[index] = Math.max(most[index], target.inFlight());
          return target;
        }
      }
      request = request.after(index);
    }
  }

  /** By the weights of all there would be room for little more than half of what comes. */
  @Test
  void whereHalfAreDownTheOthersTakeAll() {
    TargetList list = TargetList.ofEqual(4);
    BoundedPicker picker = (BoundedPicker) list.picker(Balancing.byClient(), list::inFlight);
    list.down(1);
    list.down(3);
    for (int i = 0; i < 100; i++) {
      int index = picker.pick(ANN, 0);
      assertTrue(index == 0 || index == 2, "index " + index);
      TargetState target = list.states.get(index);
      assertTrue(target.inFlight() < picker.bound(index), i + " in flight");
      assertTrue(target.tryClaim());
    }
    assertTrue(list.states.get(0).inFlight() <= 63 && list.states.get(2).inFlight() <= 63);
  }

  @Test
  void onceTheyAreUpAgainTheBoundIsWhatItWas() {
    TargetList list = TargetList.ofEqual(2);
    BoundedPicker picker = (BoundedPicker) list.picker(Balancing.byClient(), list::inFlight);
    int home = picker.pick(ANN, 0);
    list.down(1 - home);
    for (int i = 0; i < 20; i++) {
      assertEquals(home, picker.pick(ANN, 0));
      assertTrue(list.states.get(home).tryClaim());
    }
    list.now = 10 * TargetList.SECOND;
    assertEquals(1 - home, picker.pick(ANN, 0));
    assertEquals(14, picker.bound(home)); // 1.25 * 21 / 2, rounded up
  }

  /** A count that lags behind: there is a candidate all the same. */
  @Test
  void whereAllSeemFullOneThatWorksIsPicked() {
    TargetList list = TargetList.ofEqual(3);
    Balancer.Picker picker = list.picker(Balancing.byClient(), () -> 0);
    list.states.forEach(TargetState::tryClaim);
    int first = picker.pick(ANN, 0);
    assertTrue(first >= 0);
    list.down(first);
    assertNotEquals(first, picker.pick(ANN, 0));
  }
}
