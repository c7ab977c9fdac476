package io.proxyetc.internal.http.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LatencyCountsTest {
  @Test
  void percentilesAreAsAHistogramOfAllValuesHasThem() {
    Random random = new Random(7);
    LatencyCounts counts = new LatencyCounts();
    Histogram exact = new Histogram(1, 60_000_000, 4);
    for (int i = 0; i < 100_000; i++) {
      long micros = (long) Math.exp(random.nextDouble() * Math.log(60_000_000));
      counts.add(micros);
      exact.recordValue(Math.max(1, micros));
    }
    Histogram sum = LatencyCounts.histogram();
    counts.addTo(sum);
    assertEquals(100_000, sum.getTotalCount());
    for (double p : new double[] {1, 10, 50, 90, 99, 99.9, 100}) {
      double wanted = exact.getValueAtPercentile(p);
      double got = sum.getValueAtPercentile(p);
      assertTrue(Math.abs(got - wanted) <= wanted / 50 + 1, p + ": " + got + " for " + wanted);
    }
  }

  @Test
  void eachValueIsCountedOnceWhereItBelongs() {
    for (int value = 1; value <= 60_000_000; value += 1 + value / 300) {
      LatencyCounts counts = new LatencyCounts();
      counts.add(value);
      Histogram sum = LatencyCounts.histogram();
      counts.addTo(sum);
      assertEquals(1, sum.getTotalCount());
      assertTrue(
          sum.getMaxValue() >= value && sum.getMaxValue() <= value + value / 60 + 1, "" + value);
    }
  }

  @Test
  void whatIsOutOfRangeIsCountedAtItsEnds() {
    LatencyCounts counts = new LatencyCounts();
    counts.add(-5);
    counts.add(0);
    counts.add(Long.MAX_VALUE);
    Histogram sum = LatencyCounts.histogram();
    counts.addTo(sum);
    assertEquals(3, sum.getTotalCount());
    assertEquals(1, sum.getMinNonZeroValue());
    assertTrue(sum.getMaxValue() >= 60_000_000);
  }
}
