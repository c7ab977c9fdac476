package io.proxyetc.internal.http;

import io.proxyetc.Route;
import io.proxyetc.internal.balance.WeightedSequence;
import io.proxyetc.internal.http.relay.CompiledRules;
import io.proxyetc.internal.http.relay.RequestRelay;
import io.proxyetc.internal.target.RouteState;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.Balancer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A route made ready for requests: what a look-up leads to. Immutable, but for the live states it
 * points to.
 *
 * @param groups those with a weight above 0
 * @param weights over {@code groups}; null where there is one
 */
record HttpRoute(
    Route route,
    RouteState state,
    Group[] groups,
    @Nullable WeightedSequence weights,
    RequestRelay.Rules request,
    @Nullable CompiledRules response) {

  /**
   * A group of targets.
   *
   * @param meter under which name it is counted: {@code route/group}
   */
  record Group(String meter, List<TargetState> targets, Balancer.Picker picker) {}

  /** The group for the next request. */
  Group nextGroup() {
    return weights == null ? groups[0] : groups[weights.next(state.groupCursor())];
  }
}
