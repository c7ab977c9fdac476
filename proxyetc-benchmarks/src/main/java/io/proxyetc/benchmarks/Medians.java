package io.proxyetc.benchmarks;

import java.util.Collection;

/** The middle of several figures: one disturbed round does not move it. */
final class Medians {

  private Medians() {}

  static double of(Collection<Double> figures) {
    double[] sorted = figures.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
