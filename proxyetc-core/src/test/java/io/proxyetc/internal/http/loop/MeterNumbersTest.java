package io.proxyetc.internal.http.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MeterNumbersTest {
  @Test
  void everyThreadCountsAGroupUnderTheSameNumber() {
    MeterNumbers numbers = new MeterNumbers(2);
    GroupMeters one = new GroupMeters(numbers);
    GroupMeters two = new GroupMeters(numbers);
    int blue = one.number("shop/blue");
    int green = two.number("shop/green");
    assertEquals(blue, two.number("shop/blue"));
    assertEquals(green, one.number("shop/green"));
    one.get(blue).answered(200, 1_000);
    two.get(blue).answered(200, 1_000);
    two.get(blue).answered(500, 1_000);
    two.get(green).failed();

    TreeMap<String, Long> sums = new TreeMap<>();
    one.forEach((group, meter) -> sums.merge(group, meter.requests(), Long::sum));
    two.forEach((group, meter) -> sums.merge(group, meter.requests(), Long::sum));
    assertEquals("{shop/blue=3, shop/green=1}", sums.toString());
  }

  @Test
  void allGroupsBeyondTheCapAreCountedTogether() {
    MeterNumbers numbers = new MeterNumbers(2);
    GroupMeters meters = new GroupMeters(numbers);
    Set<Integer> given = new HashSet<>();
    for (int i = 0; i < numbers.max(); i++) {
      given.add(meters.number("group" + i));
    }
    assertEquals(numbers.max(), given.size());
    for (int i = 0; i < 1_000; i++) {
      meters.get(meters.number("late" + i)).answered(200, 1_000);
    }
    assertEquals(numbers.max(), numbers.known().size());
    meters.forEach((group, meter) -> assertEquals("other 1000", group + " " + meter.requests()));
  }
}
