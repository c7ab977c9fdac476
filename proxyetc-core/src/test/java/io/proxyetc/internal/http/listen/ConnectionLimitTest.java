package io.proxyetc.internal.http.listen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.Await;
import org.junit.jupiter.api.Test;

class ConnectionLimitTest {
  /** A gate, and what happens while it is being paused. */
  private static final class Gate implements ConnectionLimit.Gate {
    private final Runnable meanwhile;
    private volatile boolean paused;

    Gate(Runnable meanwhile) {
      this.meanwhile = meanwhile;
    }

    @Override
    public void pause() {
      meanwhile.run();
      paused = true;
    }

    @Override
    public void open() {
      paused = false;
    }
  }

  @Test
  void theGateIsPausedAtTheLimitAndOpenBelow() {
    ConnectionLimit limit = new ConnectionLimit(2);
    Gate gate = new Gate(() -> {});
    limit.govern(gate);
    limit.take();
    assertFalse(gate.paused);
    limit.take();
    assertTrue(gate.paused);
    limit.take();
    limit.give();
    assertTrue(gate.paused, "still as many as there may be");
    limit.give();
    assertFalse(gate.paused);
    assertEquals(1, limit.count());
  }

  @Test
  void aGateThatIsLeftIsNotOpenedAgain() {
    ConnectionLimit limit = new ConnectionLimit(1);
    Gate gate = new Gate(() -> {});
    limit.govern(gate);
    limit.take();
    limit.leave();
    limit.give();
    assertTrue(gate.paused);
  }

  @Test
  void whoIsSlowToPauseDoesNotPauseWhatAnotherThreadHasOpened() throws InterruptedException {
    ConnectionLimit limit = new ConnectionLimit(1);
    Thread other = new Thread(limit::give);
    Gate gate =
        new Gate(
            () -> {
              other.start();
              Await.until(
                  "the other has given, or waits for its turn",
                  () -> !other.isAlive() || other.getState() == Thread.State.BLOCKED);
            });
    limit.govern(gate);
    limit.take();
    other.join();
    assertEquals(0, limit.count());
    assertFalse(gate.paused, "paused, with nobody left who would open it");
  }
}
