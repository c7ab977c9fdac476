package io.proxyetc.internal.balance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WeightedSequenceTest {
  @Test
  void isSmooth() {
    assertArrayEquals(new int[] {0, 0, 0, 1, 2, 0, 0}, turn(5, 1, 1));
    assertArrayEquals(new int[] {0, 1, 2}, turn(1, 1, 1));
    assertArrayEquals(new int[] {0, 1, 0}, turn(2, 1));
  }

  @Test
  void weightsAreReduced() {
    assertArrayEquals(new int[] {0, 1}, turn(1000, 1000));
    assertArrayEquals(new int[] {0}, turn(7));
    assertEquals(20, WeightedSequence.of(950, 50).size());
  }

  @Test
  void weightZeroGetsNothing() {
    assertArrayEquals(new int[] {1, 3}, turn(0, 1, 0, 1));
    assertEquals(-1, WeightedSequence.of(0, 0).next(new AtomicInteger()));
    assertEquals(-1, WeightedSequence.of().next(new AtomicInteger()));
    assertEquals(1, WeightedSequence.of(0, 5).next(new AtomicInteger()));
  }

  @Test
  void eachTurnIsExactAndNoIndexIsEverFarFromItsShare() {
    Random random = new Random(42);
    for (int round = 0; round < 200; round++) {
      int[] weights = new int[1 + random.nextInt(12)];
      Arrays.setAll(weights, i -> random.nextInt(20));
      int sum = Arrays.stream(weights).sum();
      int[] turn = turn(weights);
      int[] counts = new int[weights.length];
      for (int step = 0; step < turn.length; step++) {
        counts[turn[step]]++;
        double share = (step + 1.0) * weights[turn[step]] / sum;
        assertTrue(
            Math.abs(counts[turn[step]] - share) < weights.length,
            () -> Arrays.toString(weights) + Arrays.toString(turn));
      }
      int reduced = turn.length == 0 ? 1 : sum / turn.length;
      for (int i = 0; i < weights.length; i++) {
        assertEquals(weights[i], counts[i] * reduced);
      }
    }
  }

  @Test
  void aLongTurnIsScaledDownAndForgetsNobody() {
    int[] weights = new int[1_000];
    Arrays.setAll(weights, i -> i == 0 ? 1 : 991 + i % 9);
    WeightedSequence sequence = WeightedSequence.of(weights);
    assertTrue(sequence.size() <= WeightedSequence.LONGEST);
    assertEquals(1_000, sequence.positive());
    int[] counts = new int[weights.length];
    AtomicInteger cursor = new AtomicInteger();
    for (int i = 0; i < sequence.size(); i++) {
      counts[sequence.next(cursor)]++;
    }
    assertEquals(1, counts[0]);
    for (int i = 1; i < counts.length; i++) {
      assertTrue(counts[i] >= 64 && counts[i] <= 66, "" + counts[i]);
    }
  }

  @Test
  void theLongestTurnIsStillExact() {
    WeightedSequence sequence = WeightedSequence.of(WeightedSequence.LONGEST - 1, 1);
    assertEquals(WeightedSequence.LONGEST, sequence.size());
  }

  @Test
  void moreTargetsThanTheLongestTurnGetOneStepEach() {
    int[] weights = new int[WeightedSequence.LONGEST + 10];
    Arrays.setAll(weights, i -> 1 + i % 2);
    assertEquals(weights.length, WeightedSequence.of(weights).size());
  }

  @Test
  void theCursorMayOverflow() {
    WeightedSequence sequence = WeightedSequence.of(1, 1, 1);
    AtomicInteger cursor = new AtomicInteger(Integer.MAX_VALUE);
    for (int i = 0; i < 10; i++) {
      int index = sequence.next(cursor);
      assertTrue(index >= 0 && index < 3);
    }
  }

  private static int[] turn(int... weights) {
    WeightedSequence sequence = WeightedSequence.of(weights);
    AtomicInteger cursor = new AtomicInteger();
    int[] turn = new int[sequence.size()];
    Arrays.setAll(turn, i -> sequence.next(cursor));
    return turn;
  }
}
