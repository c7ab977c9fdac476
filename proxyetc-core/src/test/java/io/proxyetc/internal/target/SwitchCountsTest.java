package io.proxyetc.internal.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class SwitchCountsTest {
  private final TargetRegistry registry = new TargetRegistry();
  private final RouteState route = registry.route("a");

  @Test
  void eachPhaseCountsItsOwnAnswers() {
    SwitchCounts counts = route.switchCounts("s1", "green", "STEP 0");
    counts.add(true);
    counts.add(false);
    assertSame(counts, route.switchCounts("s1", "green", "STEP 0"), "another change of the route");
    assertEquals(new SwitchCounts.Sum(2, 1), counts.inPhase());

    assertSame(counts, route.switchCounts("s1", "green", "STEP 1"));
    assertEquals(new SwitchCounts.Sum(0, 0), counts.inPhase());
    counts.add(true); // may have been sent before: nobody else counts it
    assertEquals(new SwitchCounts.Sum(1, 1), counts.inPhase());
  }

  @Test
  void anotherSwitchBeginsAtZero() {
    SwitchCounts first = route.switchCounts("s1", "green", "STEP 0");
    SwitchCounts second = route.switchCounts("s2", "green", "STEP 0");
    assertNotSame(first, second);
    first.add(true);
    assertEquals(new SwitchCounts.Sum(0, 0), second.inPhase());
    assertEquals(Optional.of(second), registry.switchCounts("a"));
    assertEquals(Optional.empty(), registry.switchCounts("b"));
  }
}
