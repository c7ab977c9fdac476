package io.proxyetc.internal.health;

import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Somebody's interest in the health of an address. As long as one lasts, the address is probed.
 * Safe for any thread; nothing blocks.
 */
public final class Watch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watch.class);

  /** Observed health. */
  public enum State {
    /** Not probed yet. */
    UNKNOWN,
    HEALTHY,
    UNHEALTHY
  }

  /** Hears of an address's health. */
  public interface Listener {
    /**
     * Called once as soon as the health is known (at once where it is known already, or where the
     * check says what to assume), then only when it changes. On the health thread, which all
     * addresses wait for: must not block.
     *
     * @param reason what the probe that decided it got, in words for people
     */
    void onHealth(boolean healthy, String reason);
  }

  private final Checks checks;
  private final Checked checked;
  private final Listener listener;
  private volatile boolean closed;

  Watch(Checks checks, Checked checked, Listener listener) {
    this.checks = checks;
    this.checked = checked;
    this.listener = listener;
  }

  /** What is known now. */
  public State state() {
    return checked.standing().state();
  }

  /** Since when it is so. */
  public Instant since() {
    return checked.standing().since();
  }

  /** What the last probe got, in words for people: {@code 200 OK}, {@code connection refused}. */
  public String reason() {
    return checked.reason();
  }

  /** How many probes are done, over all who watch the same. */
  public long probes() {
    return checked.probes();
  }

  /** How many of them failed. */
  public long failures() {
    return checked.failures();
  }

  /**
   * Ends it, and the probes where it was the last one. A call of the listener that is under way is
   * not waited for; no other follows. Idempotent.
   */
  @Override
  public void close() {
    checks.end(this);
  }

  /** Under the lock of {@link Checks}. Gives whether it was open. */
  boolean markClosed() {
    boolean open = !closed;
    closed = true;
    return open;
  }

  Checked checked() {
    return checked;
  }

  /** On the health thread. */
  void tell(boolean healthy, String reason) {
    if (closed) {
      return;
    }
    try {
      listener.onHealth(healthy, reason);
    } catch (RuntimeException e) {
      LOG.error("health: {}: a listener failed", checked, e);
    }
  }
}
