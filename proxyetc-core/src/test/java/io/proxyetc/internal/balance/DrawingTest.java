package io.proxyetc.internal.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Balancing;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.Balancer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random and least requests. */
class DrawingTest {
  private final Random random = new Random(17);

  @Test
  void randomIsAsRandomAsWeightsSay() {
    for (int[] weights :
        new int[][] {{1, 1}, {5, 3, 0, 2, 10}, {1000, 1, 999, 0}, {0, 7, 7, 7}, {1, 1000}}) {
      TargetList list = new TargetList(weights);
      ChiSquare.assertFits(weights, list.firsts(list.picker(Balancing.RANDOM), 200_000));
    }
  }

  @Test
  void randomIsSoOver1000TargetsToo() {
    TargetList list = TargetList.ofEqual(1_000);
    ChiSquare.assertFits(list.weights(), list.firsts(list.picker(Balancing.RANDOM), 200_000));
    int[] weights = new int[1_000];
    Arrays.setAll(weights, i -> 1 + i % 50);
    TargetList weighted = new TargetList(weights);
    ChiSquare.assertFits(weights, weighted.firsts(weighted.picker(Balancing.RANDOM), 500_000));
  }

  @Test
  void theShareOfOneThatIsDownIsDrawnAnewByWeight() {
    TargetList list = new TargetList(5, 3, 4, 2, 10);
    Balancer.Picker picker = list.picker(Balancing.RANDOM);
    list.down(1);
    ChiSquare.assertFits(new int[] {5, 0, 4, 2, 10}, list.firsts(picker, 200_000));
  }

  /** No rounding anywhere: asked for all that chance can say, the counts are the weights. */
  @Test
  void theTableOfWeightsIsExact() {
    for (int round = 0; round < 200; round++) {
      int[] weights = new int[1 + random.nextInt(12)];
      Arrays.setAll(weights, i -> random.nextInt(20));
      weights[random.nextInt(weights.length)] = 1 + random.nextInt(20);
      int sum = Arrays.stream(weights).sum();
      int columns = (int) Arrays.stream(weights).filter(weight -> weight > 0).count();
      WeightedDraw draw = new WeightedDraw(weights);
      int[] counts = new int[weights.length];
      for (int n = 0; n < columns * sum; n++) {
        counts[draw.any(said(n / sum, n % sum))]++;
      }
      int[] expected = Arrays.stream(weights).map(weight -> weight * columns).toArray();
      assertArrayEquals(expected, counts, () -> Arrays.toString(weights));
    }
  }

  /** Also where a draw by the table would nearly always be in vain. */
  @Test
  void anotherOneIsDrawnByTheWeightsOfTheOthers() {
    for (int[] weights : new int[][] {{0, 3, 0, 1, 20, 0, 5}, {3, 1000, 0, 1}, {1, 1, 1}}) {
      WeightedDraw draw = new WeightedDraw(weights);
      for (int taken = 0; taken < weights.length; taken++) {
        if (weights[taken] > 0) {
          int[] counts = new int[weights.length];
          for (int n = 0; n < 20_000; n++) {
            counts[draw.other(taken, random::nextInt)]++;
          }
          int[] expected = weights.clone();
          expected[taken] = 0;
          ChiSquare.assertFits(expected, counts);
        }
      }
    }
  }

  /** Numbers that chance says one after the other. */
  private static Chance said(int... numbers) {
    int[] next = {0};
    return bound -> {
      int number = numbers[next[0]++];
      assertTrue(number < bound, number + " of " + bound);
      return number;
    };
  }

  @Test
  void ofTwoTheOneWithFewerRequestsPerWeightIsTaken() {
    TargetList list = new TargetList(1, 3);
    Balancer.Picker picker = list.picker(Balancing.LEAST_REQUESTS);
    claim(list.states.get(0), 2); // with one more 3 per weight
    claim(list.states.get(1), 7); // with one more 8 / 3
    for (int i = 0; i < 100; i++) {
      assertEquals(1, picker.pick(Asked.number(i), 0));
    }
    claim(list.states.get(1), 2); // 10 / 3
    for (int i = 0; i < 100; i++) {
      assertEquals(0, picker.pick(Asked.number(i), 0));
    }
  }

  /** Requests that take their time, at one target longer than at others. */
  @Test
  void leastRequestsEvensOut() {
    int[] weights = {1, 1, 2, 4, 0, 1, 1, 2, 4};
    TargetList list = new TargetList(weights);
    Balancer.Picker picker = list.picker(Balancing.LEAST_REQUESTS);
    Deque<TargetState> slow = new ArrayDeque<>();
    Deque<TargetState> quick = new ArrayDeque<>();
    for (int i = 0; i < 20_000; i++) {
      int index = picker.pick(Asked.number(i), 0);
      TargetState target = list.states.get(index);
      assertTrue(target.tryClaim());
      (index == 2 ? slow : quick).add(target);
      if (slow.size() > 60) {
        slow.remove().release();
      }
      if (slow.size() + quick.size() > 480) {
        quick.remove().release();
      }
      if (i > 2_000) {
        evenlyLoaded(list, 480 / 16.0);
      }
    }
  }

  private static void evenlyLoaded(TargetList list, double average) {
    for (int i = 0; i < list.size(); i++) {
      int weight = list.weights()[i];
      int inFlight = list.states.get(i).inFlight();
      if (weight == 0) {
        assertEquals(0, inFlight);
      } else {
        assertEquals(average, (double) inFlight / weight, average / 3, "index " + i);
      }
    }
  }

  /** By (inFlight + 1) / weight alone the lighter of two idle ones would never get anything. */
  @Test
  void requestsThatComeOneByOneReachALightTargetToo() {
    int[] weights = {2, 1};
    TargetList list = new TargetList(weights);
    ChiSquare.assertFits(weights, list.firsts(list.picker(Balancing.LEAST_REQUESTS), 10_000));
  }

  @Test
  void oneThatIsDownIsNotTakenForItsIdleness() {
    TargetList list = new TargetList(1, 1, 1);
    Balancer.Picker picker = list.picker(Balancing.LEAST_REQUESTS);
    list.down(2);
    claim(list.states.get(0), 5);
    claim(list.states.get(1), 5);
    for (int i = 0; i < 1_000; i++) {
      assertNotEquals(2, picker.pick(Asked.number(i), 0));
    }
  }

  private static void claim(TargetState target, int times) {
    for (int i = 0; i < times; i++) {
      assertTrue(target.tryClaim());
    }
  }
}
