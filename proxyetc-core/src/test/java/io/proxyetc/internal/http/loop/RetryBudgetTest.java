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
    assertEquals(100, taken(alone, 0, 0, now), "those of ten seconds at once");
    pass(0.5);
    assertEquals(5, taken(alone, 0, 0, now));
    pass(100);
    assertEquals(100, taken(alone, 0, 0, now), "they do not pile up beyond that");
  }

  @Test
  void aShareOfTheRequestsComesOnTop() {
    pass(1);
    assertEquals(100 + 200, taken(alone, 20, 1_000, now));
    assertEquals(0, taken(alone, 20, 1_000, now), "a request counts once");
    pass(1);
    assertEquals(10 + 20, taken(alone, 20, 1_100, now));
  }

  @Test
  void onlyTheLastSecondsCount() {
    pass(1_000);
    assertEquals(100 + 200, taken(alone, 20, 100_000, now), "a hundredth of them was in time");
  }

  @Test
  void aShareThatNobodyTookFades() {
    pass(1);
    assertTrue(alone.take(100, 1_000, now));
    pass(5);
    assertEquals(100 + 500, taken(alone, 100, 1_000, now));
    pass(1);
    assertTrue(alone.take(100, 2_000, now));
    pass(10);
    assertEquals(100, taken(alone, 100, 2_000, now));
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
    double share = (retries - 100 - 10 * 100) / (double) requests;
    assertTrue(share > 0.19 && share <= 0.2, "share " + share);
  }

  @Test
  void manyThreadsDivideTheFreeOnes() {
    RetryBudget oneOfFive = new RetryBudget(5, START);
    assertEquals(20, taken(oneOfFive, 0, 0, now));
    RetryBudget oneOfTwoHundred = new RetryBudget(200, START);
    assertTrue(oneOfTwoHundred.take(0, 0, now), "each has one");
    pass(19.9);
    assertFalse(oneOfTwoHundred.take(0, 0, now));
    pass(0.2);
    assertTrue(oneOfTwoHundred.take(0, 0, now));
  }
}
