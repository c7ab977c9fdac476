package io.proxyetc.internal.table;

import io.proxyetc.spi.StoredRoute;
import org.jspecify.annotations.Nullable;

/**
 * Turns a route into what a match leads to. Called by {@link RouteTables#install} on its thread,
 * for changed routes only.
 *
 * @param <R> what a match leads to
 */
public interface Planner<R> {
  /**
   * Prepares a route. Must not take anything away from {@code previous}, which serves on until the
   * swap, and for good if this throws.
   *
   * @param previous what the route's id leads to until now; null if it is new
   * @throws RuntimeException if the route cannot be: it is refused, and the message is shown
   */
  R plan(StoredRoute route, @Nullable R previous);

  /**
   * After the swap, once per changed route that is live: {@code now} is what its id leads to, be it
   * new or the last good one. The time to retire what only an older plan named.
   */
  default void live(String id, R now) {}

  /** After the swap: nothing is live under this id any more. */
  void dropped(String id, R previous);
}
