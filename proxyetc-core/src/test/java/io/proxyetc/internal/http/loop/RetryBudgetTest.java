package io.proxyetc.internal.http.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many retries a group may cause, at times that the test sets. */
class RetryBudgetTest {
  private static final long START = -5_000; // any: such times may be negative

  private final RetryBudget alone = new RetryBudget(1, START);
  private long now = START;

  private void pass(double seconds) {
    now += (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }

  private static int taken(RetryBudget budget, int percent, long requests, long at) {
    int taken = 0;
    while (taken < 100_000 && budget.take(percent, requests, at)) {
      taken++;
    }
    return taken;
  }

  @Test
  void tenInASecondAreFreeHoweverLittleTrafficThereIs() {
    assertEquals(10, taken(alone, 0, 0, now));
    pass(0.5);
    assertEquals(5, taken(alone, 0, 0, now));
    pass(100);
    assertEquals(10, taken(alone, 0, 0, now), "they do not pile up");
  }

  @Test
  void aShareOfTheRequestsComesOnTop() {
    pass(1);
    assertEquals(10 + 200, taken(alone, 20, 1_000, now));
    assertEquals(0, taken(alone, 20, 1_000, now), "a request counts once");
    pass(1);
    assertEquals(10 + 20, taken(alone, 20, 1_100, now));
  }

  @Test
  void onlyTheLastSecondsCount() {
    pass(1_000);
    assertEquals(10 + 200, taken(alone, 20, 100_000, now), "a hundredth of them was in time");
  }

  @Test
  void aShareThatNobodyTookFades() {
    pass(1);
    assertTrue(alone.take(100, 1_000, now));
    pass(5);
    assertEquals(10 + 500, taken(alone, 100, 1_000, now));
    pass(1);
    assertTrue(alone.take(100, 2_000, now));
    pass(10);
    assertEquals(10, taken(alone, 100, 2_000, now));
  }

  @Test
  void anOutageIsMultipliedByTheShareOnly() {
    int retries = 0;
    long requests = 0;
    for (int second = 0; second < 100; second++) {
      for (int i = 0; i < 1_000; i++) {
        requests++;
        pass(0.001);
        retries += alone.take(20, requests, now) ? 1 : 0;
      }
    }
    double share = (retries - 10 * 101) / (double) requests;
    assertTrue(share > 0.19 && share <= 0.2, "share " + share);
  }

  @Test
  void manyThreadsDivideTheFreeOnes() {
    RetryBudget oneOfFive = new RetryBudget(5, START);
    assertEquals(2, taken(oneOfFive, 0, 0, now));
    RetryBudget oneOfForty = new RetryBudget(40, START);
    assertTrue(oneOfForty.take(0, 0, now), "each has one");
    pass(3.9);
    assertFalse(oneOfForty.take(0, 0, now));
    pass(0.2);
    assertTrue(oneOfForty.take(0, 0, now));
  }
}
