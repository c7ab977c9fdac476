package io.proxyetc.internal.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TargetStateTest {
  private final TargetState target =
      new TargetRegistry().target("r", "g", Target.of("http://h:80"), TargetTls.DEFAULT);

  @Test
  void aClaimCountsUntilItIsReleased() {
    assertTrue(target.tryClaim());
    assertTrue(target.tryClaim());
    assertEquals(2, target.inFlight());
    target.release();
    target.release();
    assertEquals(0, target.inFlight());
  }

  @Test
  void aRetiredTargetDrainsAndRefusesClaims() {
    assertTrue(target.tryClaim());
    target.retire();
    assertFalse(target.tryClaim());
    assertEquals(1, target.inFlight());
    assertFalse(target.drained());
    target.release();
    assertTrue(target.drained());
    assertFalse(target.tryClaim());
  }

  @Test
  void aTargetThatIsNamedAgainTakesClaimsAgain() {
    assertTrue(target.tryClaim());
    target.retire();
    target.retire();
    target.revive();
    target.revive();
    assertTrue(target.tryClaim());
    assertEquals(2, target.inFlight());
  }

  @Test
  void afterAFailedConnectItIsPassedOverForLongerAndLonger() {
    long[] expected = {2, 4, 8, 10, 10, 10};
    long now = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(5); // nanoTime may wrap around
    for (long seconds : expected) {
      target.connectFailed(now);
      long end = now + TimeUnit.SECONDS.toNanos(seconds);
      assertTrue(target.suspect());
      assertTrue(target.skipped(now));
      assertTrue(target.skipped(end - 1));
      assertFalse(target.skipped(end));
      now = end;
    }
    target.connectSucceeded();
    assertFalse(target.suspect());
    target.connectFailed(now);
    assertFalse(target.skipped(now + TimeUnit.SECONDS.toNanos(2)));
  }

  @Test
  void severalFailuresOfOneOutageCountOnce() {
    for (int i = 0; i < 10; i++) {
      target.connectFailed(i);
    }
    assertFalse(target.skipped(TimeUnit.SECONDS.toNanos(2)));
  }

  @Test
  void aFaultIsToldOnceAMinute() {
    long start = TimeUnit.SECONDS.toNanos(-30); // the clock's zero is anywhere
    assertTrue(target.mayWarn(start));
    assertFalse(target.mayWarn(start + TimeUnit.SECONDS.toNanos(59)));
    assertTrue(target.mayWarn(start + TimeUnit.SECONDS.toNanos(60)));
    assertFalse(target.mayWarn(start + TimeUnit.SECONDS.toNanos(61)));
  }
}
