package io.proxyetc.internal.http;

import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.target.TargetState;
import org.jspecify.annotations.Nullable;

/** Hears of each exchange that is over. On its IO thread; must not block. */
@FunctionalInterface
public interface ExchangeLog {
  /** Nobody listens. */
  ExchangeLog NONE = (downstream, outcome) -> {};

  void done(Downstream downstream, Outcome outcome);

  /**
   * How it ended. The names of route and target are left to who wants them: to follow them costs
   * more than the rest, where there are many.
   *
   * @param status sent to the client; 499: it went away before one was sent
   * @param bytes of body sent to the client
   * @param nanos from the request's head to the end
   * @param route null: none matched
   * @param target the one that answered; null: none
   */
  record Outcome(
      int status,
      long bytes,
      long nanos,
      @Nullable HttpRoute route,
      @Nullable TargetState target) {}
}
