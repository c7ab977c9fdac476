package io.proxyetc.internal.http;

import io.proxyetc.Route;
import io.proxyetc.internal.balance.WeightedSequence;
import io.proxyetc.internal.http.relay.CompiledRules;
import io.proxyetc.internal.http.relay.RequestRelay;
import io.proxyetc.internal.target.RouteState;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.internal.tls.TargetEngines;
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
public record HttpRoute(
    Route route,
    RouteState state,
    Group[] groups,
    @Nullable WeightedSequence weights,
    RequestRelay.Rules request,
    @Nullable CompiledRules response) {

  /**
   * A group of targets.
   *
   * @param name under which it is counted: {@code route/group}
   * @param engines for those of its targets that are reached over TLS; null where there is none
   */
  public record Group(
      String name,
      List<TargetState> targets,
      Balancer.Picker picker,
      @Nullable TargetEngines engines) {}

  /** The group for the next request. */
  Group nextGroup() {
    return weights == null ? groups[0] : groups[weights.next(state.groupCursor())];
  }
}
