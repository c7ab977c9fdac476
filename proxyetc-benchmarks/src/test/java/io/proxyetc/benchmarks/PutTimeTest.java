package io.proxyetc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class PutTimeTest {

  @Test
  void isReadAsItWasPrinted() {
    List<PutTime> times = List.of(new PutTime(12, 345, true), new PutTime(6, 2_000_000, false));
    String output =
        "INFO put away\n" + times.get(0) + "\nput 1 2\n" + times.get(1) + "\nOne put 1 2 live\n";
    assertEquals(times, PutTime.parse(output));
  }
}
