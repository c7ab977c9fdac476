package io.proxyetc.internal.http;

import io.proxyetc.internal.http.message.Downstream;
import org.jspecify.annotations.Nullable;

/** Hears of each exchange that is over. On its IO thread; must not block. */
@FunctionalInterface
public interface ExchangeLog {
  /** Nobody listens. */
  ExchangeLog NONE = (downstream, outcome) -> {};

  void done(Downstream downstream, Outcome outcome);

  /**
   * How it ended.
   *
   * @param status sent to the client; 499: it went away before one was sent
   * @param bytes of body sent to the client
   * @param nanos from the request's head to the end
   * @param route empty: none matched
   * @param target the address that answered; null: none
   */
  record Outcome(int status, long bytes, long nanos, String route, @Nullable String target) {}
}
