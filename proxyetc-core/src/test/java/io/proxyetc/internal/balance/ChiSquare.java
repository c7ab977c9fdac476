package io.proxyetc.internal.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

/** Whether counts are what chance makes of weights (Pearson's test). */
final class ChiSquare {
  private ChiSquare() {}

  /** Fails where chance alone would do so once in 10,000 times; tests have fixed seeds. */
  static void assertFits(int[] weights, int[] counts) {
    double weight = Arrays.stream(weights).sum();
    double count = Arrays.stream(counts).sum();
    double square = 0;
    int degrees = -1;
    for (int i = 0; i < weights.length; i++) {
      double expected = count * weights[i] / weight;
      if (weights[i] == 0) {
        assertEquals(0, counts[i], "index " + i);
      } else {
        assertTrue(expected >= 5, "too few requests to tell");
        square += (counts[i] - expected) * (counts[i] - expected) / expected;
        degrees++;
      }
    }
    assertTrue(square < limit(degrees), square + " with " + degrees + " degrees of freedom");
  }

  /** What is exceeded with a probability of 0.0001, after Wilson and Hilferty. */
  private static double limit(int degrees) {
    double d = 2.0 / (9 * degrees);
    return degrees * Math.pow(1 - d + 3.719 * Math.sqrt(d), 3);
  }
}
