package io.proxyetc.internal.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.target.TargetState.Standing;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TargetStateTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

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
  void anEjectionIsLongerEachTimeInARow() {
    long[] expected = {2, 4, 8, 10, 10, 10};
    long now = Long.MAX_VALUE - 5 * SECOND; // nanoTime may wrap around
    boolean worked = true;
    for (long seconds : expected) {
      assertEquals(worked, eject(now));
      worked = false;
      long end = now + seconds * SECOND;
      assertTrue(target.suspect());
      assertEquals(Standing.LAST_RESORT, target.standing(now));
      assertEquals(Standing.LAST_RESORT, target.standing(end - 1));
      assertEquals(Standing.FIT, target.standing(end));
      assertFalse(target.serves(), "nobody knows yet whether it works");
      now = end;
    }
    assertTrue(target.worked());
    assertFalse(target.worked(), "told once");
    assertFalse(target.suspect());
    assertTrue(target.serves());
    assertTrue(eject(now));
    assertEquals(Standing.FIT, target.standing(now + 2 * SECOND));
  }

  @Test
  void severalFailuresOfOneOutageCountOnce() {
    for (int i = 0; i < 10; i++) {
      eject(i);
    }
    assertEquals(Standing.FIT, target.standing(2 * SECOND));
  }

  @Test
  void oneThatMustNotBePassedOverIsInTroubleAllTheSame() {
    assertTrue(target.eject(0, 2 * SECOND, 10 * SECOND, false));
    assertEquals(Standing.FIT, target.standing(0));
    assertFalse(target.serves());
    assertTrue(target.worked());
    assertTrue(target.serves());
  }

  @Test
  void failuresCountInARow() {
    assertFalse(target.failed(3));
    assertFalse(target.failed(3));
    assertFalse(target.worked());
    assertFalse(target.failed(3));
    assertFalse(target.failed(3));
    assertTrue(target.failed(3));
    assertFalse(target.failed(0), "none do");
  }

  @Test
  void itsOperatorKeepsNewClientsAwayAndThenAll() {
    Target ready = target.target();
    target.update(ready.withState(Target.State.DRAIN));
    assertEquals(Standing.REFUSED, target.standing(0));
    assertEquals(Standing.FIT, target.standingForSticky(0));
    assertTrue(target.draining());
    target.drainOver();
    assertEquals(Standing.REFUSED, target.standingForSticky(0));
    target.update(ready);
    assertEquals(Standing.FIT, target.standing(0));
    target.drainOver(); // of a drain that was called off
    assertEquals(Standing.FIT, target.standing(0));
    target.update(ready.withState(Target.State.DISABLED));
    assertEquals(Standing.REFUSED, target.standing(0));
    assertEquals(Standing.REFUSED, target.standingForSticky(0));
    assertFalse(target.wanted());
    target.update(ready.withState(Target.State.DRAIN));
    assertEquals(Standing.FIT, target.standingForSticky(0));
  }

  @Test
  void itsProbesDecideUnlessTheGroupPanics() {
    target.unprobed(false);
    assertEquals(Standing.HELD_BACK, target.standing(0));
    assertEquals(Standing.FIT, target.standingForSticky(0), "it was good for its clients before");
    target.probed(true, 0, SECOND);
    assertEquals(Standing.FIT, target.standing(0), "no slow start: it never was down");
    target.probed(false, 0, 0);
    assertEquals(Standing.REFUSED, target.standing(0));
    assertEquals(Standing.REFUSED, target.standingForSticky(0));
    target.group().panics(true);
    assertEquals(Standing.FIT, target.standing(0));
    target.group().panics(false);
    target.unwatched();
    assertEquals(Standing.FIT, target.standing(0));
  }

  @Test
  void whatItsProbesFindWellAgainIsNotEjectedAnyLonger() {
    assertTrue(eject(0));
    target.probed(false, SECOND, 0);
    assertEquals(Standing.REFUSED, target.standing(SECOND));
    target.probed(true, SECOND, 0);
    assertEquals(Standing.FIT, target.standing(SECOND));
    assertTrue(target.serves());
  }

  @Test
  void aSlowStartGivesAGrowingShare() {
    target.probed(false, 0, 0);
    target.probed(true, 0, 100 * SECOND);
    int early = timesFit(5 * SECOND);
    int late = timesFit(80 * SECOND);
    assertTrue(early > 60 && early < 250, early + " of 1000");
    assertTrue(late > 700 && late < 950, late + " of 1000");
    assertEquals(1000, timesFit(100 * SECOND));
    assertFalse(target.suspect());
  }

  private int timesFit(long at) {
    int fit = 0;
    for (int i = 0; i < 1000; i++) {
      fit += target.skipped(at) ? 0 : 1;
    }
    return fit;
  }

  @Test
  void claimsCountInTheLoadOfTheGroupFromWhenItIsAskedFor() {
    assertTrue(target.tryClaim());
    GroupLoad load = target.group().load(List.of(target));
    assertEquals(1, load.inFlight());
    assertTrue(target.tryClaim());
    assertFalse(target.tryClaim(2), "full");
    assertEquals(2, load.inFlight());
    assertSame(load, target.group().load(List.of(target)));
    assertEquals(2, load.inFlight());
    target.retire();
    target.release();
    target.release();
    assertEquals(0, load.inFlight());
    assertTrue(target.drained());
  }

  private boolean eject(long now) {
    return target.eject(now, 2 * SECOND, 10 * SECOND, true);
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
