package io.proxyetc.internal.health;

import io.proxyetc.HealthCheck;
import io.proxyetc.internal.target.AddressState;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Asks servers whether they work. It has no thread of its own: one drives it, and nobody but {@link
 * #prepare} and {@link #wake} may be called by another. Nothing blocks but {@link #turn}.
 */
public interface Prober extends AutoCloseable {
  /** What is asked of one address, again and again. Asked by the driving thread only. */
  interface Question {
    /**
     * Begins a probe.
     *
     * @param outcome is told once, maybe before this returns, unless the probe is given up
     */
    Probe ask(Outcome outcome);
  }

  /** A probe under way. */
  interface Probe {
    /**
     * Ends it without an outcome.
     *
     * @return what it still waited for, such as {@code no answer}
     */
    String giveUp();
  }

  /** What became of a probe: one call, on the driving thread. */
  interface Outcome {
    /**
     * The server works.
     *
     * @param answer such as {@code 200 OK}
     */
    void passed(String answer);

    /**
     * It does not.
     *
     * @param why in words for people, such as {@code connection refused}
     */
    void failed(String why);

    /** It could not be asked, and that is the fault of this side: it says nothing of the server. */
    void undone(String why);
  }

  /**
   * What a check asks of an address. Any thread.
   *
   * @param engines makes the engine for one connection; needed where the check goes over TLS
   * @throws IllegalArgumentException where they are missing
   */
  Question prepare(AddressState address, HealthCheck check, @Nullable Supplier<SSLEngine> engines);

  /**
   * Waits until there is something to do, and does it: outcomes are told from within.
   *
   * @param nanos how long at most; 0: not at all
   */
  void turn(long nanos);

  /** Ends the wait of {@link #turn}, or the next one if there is none. Any thread. */
  void wake();

  /** Ends what is under way without outcomes. Idempotent. */
  @Override
  void close();
}
