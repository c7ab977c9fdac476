package io.proxyetc.internal.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.proxyetc.Balancing;
import io.proxyetc.spi.Balancer;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What all built-in balancers have in common. */
class PickersTest {
  @SuppressWarnings("unused") // by FieldSource
  private static final Iterable<String> ALL = Balancing.BUILT_IN;

  @ParameterizedTest
  @FieldSource("ALL")
  void aRequestIsGivenEachTargetThatHasAWeightOnceAndThenNoMore(String balancer) {
    Random random = new Random(42);
    for (int round = 0; round < 300; round++) {
      int[] weights = new int[1 + random.nextInt(round < 290 ? 12 : 300)];
      int most = 1 + random.nextInt(1_000);
      Arrays.setAll(weights, i -> random.nextInt(3) == 0 ? 0 : random.nextInt(most));
      TargetList list = new TargetList(weights);
      for (int i = random.nextInt(weights.length); i > 0; i--) {
        list.down(random.nextInt(weights.length));
        list.states.get(random.nextInt(weights.length)).tryClaim();
      }
      Balancer.Picker picker = list.picker(balancer);
      int[] expected = IntStream.range(0, weights.length).filter(i -> weights[i] > 0).toArray();

      Asked request = Asked.number(round);
      int[] order = new int[expected.length];
      for (int attempt = 0; attempt < order.length; attempt++) {
        order[attempt] = picker.pick(request, attempt);
        request = request.after(order[attempt]);
      }
      assertEquals(-1, picker.pick(request, order.length));
      assertEquals(-1, picker.pick(request.after(-1), order.length + 1));
      Arrays.sort(order);
      assertArrayEquals(expected, order, () -> Arrays.toString(weights));
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void nobodyIsPickedOfNobody(String balancer) {
    assertEquals(-1, new TargetList().picker(balancer).pick(Asked.number(1), 0));
    assertEquals(-1, new TargetList(0).picker(balancer).pick(Asked.number(1), 0));
    assertEquals(-1, new TargetList(0, 0).picker(balancer).pick(Asked.number(1), 0));
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void oneThatIsDownIsNotTheFirstAsLongAsThereAreOthers(String balancer) {
    TargetList list = new TargetList(1000, 1000, 1, 0);
    Balancer.Picker picker = list.picker(balancer);
    list.down(0);
    list.down(1);
    assertArrayEquals(new int[] {0, 0, 200, 0}, list.firsts(picker, 200));
    list.now = 2 * TargetList.SECOND;
    int[] counts = list.firsts(picker, 2_000);
    assertTrue(counts[0] > 500 && counts[1] > 500, () -> Arrays.toString(counts));
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void whereAllAreDownTheyAreTriedAllTheSame(String balancer) {
    TargetList list = TargetList.ofEqual(50);
    Balancer.Picker picker = list.picker(balancer);
    IntStream.range(0, 50).forEach(list::down);
    int[] counts = list.firsts(picker, 5_000);
    assertTrue(Arrays.stream(counts).filter(n -> n > 0).count() > 1);
  }

  /** Not to its neighbour alone. */
  @ParameterizedTest
  @FieldSource("ALL")
  void theShareOfOneThatIsDownGoesToAllOthersByTheirWeights(String balancer) {
    TargetList list = new TargetList(4, 2, 4, 8, 2);
    Balancer.Picker picker = list.picker(balancer);
    list.down(2);
    int requests = 16_000;
    int[] counts = list.firsts(picker, requests);
    int[] left = {4, 2, 0, 8, 2};
    // Where keys stand on the ring is no draw of its own for each request.
    double tolerance = balancer.equals(Balancing.CONSISTENT_HASH) ? 0.25 : 0.05;
    for (int i = 0; i < left.length; i++) {
      double expected = requests * left[i] / 16.0;
      assertEquals(expected, counts[i], expected * tolerance, Arrays.toString(counts));
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void sharesFollowTheWeights(String balancer) {
    TargetList list = new TargetList(10, 40, 0, 20, 30);
    int requests = 50_000;
    int[] counts = list.firsts(list.picker(balancer), requests);
    double tolerance = balancer.equals(Balancing.CONSISTENT_HASH) ? 0.3 : 0.1;
    for (int i = 0; i < counts.length; i++) {
      double expected = requests * list.weights()[i] / 100.0;
      assertEquals(expected, counts[i], expected * tolerance, Arrays.toString(counts));
    }
  }

  /** Neither where all is well nor where many are down or full. */
  @ParameterizedTest
  @FieldSource("ALL")
  void aPickAllocatesNothing(String balancer) {
    TargetList list = TargetList.ofEqual(100);
    AtomicInteger inFlight = new AtomicInteger(200);
    Balancer.Picker picker = list.picker(Balancing.of(balancer), inFlight::get);
    Asked[] requests = new Asked[1_000];
    Arrays.setAll(requests, i -> Asked.number(i).after(i % 100));
    for (int i = 0; i < 100; i++) {
      for (int n = 0; n < i % 5; n++) {
        list.states.get(i).tryClaim();
      }
    }
    IntStream.range(0, 50).forEach(list::down);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) { // at first, classes are loaded
      long before = threads.getThreadAllocatedBytes(thread);
      for (Asked request : requests) {
        picker.pick(request, 0);
        picker.pick(request, 1);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    // Asking for the number may cost some bytes itself; one object for each pick would be 16,000.
    assertTrue(least < 1_000, least + " bytes");
  }
}
