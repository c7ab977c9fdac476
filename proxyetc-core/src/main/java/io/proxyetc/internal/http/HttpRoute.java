package io.proxyetc.internal.http;

import io.proxyetc.Route;
import io.proxyetc.internal.balance.WeightedSequence;
import io.proxyetc.internal.table.ToTargets;
import io.proxyetc.internal.target.GroupState;
import io.proxyetc.internal.target.SwitchCounts;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.internal.tls.TargetEngines;
import io.proxyetc.spi.Balancer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A route made ready for requests: what a look-up leads to. It is its own first group. Among
 * 100,000 routes each object on a request's way is cold memory, one wait after the other: from the
 * table's slot there are two, this one and the {@link TargetState}.
 */
public final class HttpRoute extends HttpGroup implements ToTargets {
  /** For a route without any group that gets traffic. */
  static final Balancer.Picker NOWHERE = (request, attempt) -> -1;

  private final Policies policies;
  private final @Nullable Split split;

  /**
   * Traffic over several groups.
   *
   * @param others the groups behind the first
   * @param weights over all
   * @param cursor where their rotation stands
   */
  record Split(HttpGroup[] others, WeightedSequence weights, AtomicInteger cursor) {}

  HttpRoute(
      Route route,
      GroupState group,
      List<TargetState> targets,
      Balancer.Picker picker,
      @Nullable TargetEngines engines,
      @Nullable SwitchCounts counts,
      @Nullable Split split,
      @Nullable SessionCookie session) {
    super(route, group, targets, picker, engines, counts);
    this.policies = Policies.of(route, session);
    this.split = split;
  }

  Policies policies() {
    return policies;
  }

  /** Whether it has no group that gets traffic: all it can do is redirect. */
  boolean leadsNowhere() {
    return picker() == NOWHERE;
  }

  @Override
  public @Nullable TargetState only() {
    return split == null && size() == 1 ? target(0) : null;
  }

  /** The group for the next request. */
  HttpGroup nextGroup() {
    Split several = split;
    if (several == null) {
      return this;
    }
    return group(several.weights.next(several.cursor));
  }

  /** One of {@link #groups}. */
  HttpGroup group(int number) {
    Split several = split;
    return several == null || number == 0 ? this : several.others[number - 1];
  }

  /** The groups that get traffic, and the one that a running switch leads to. */
  List<HttpGroup> groups() {
    List<HttpGroup> all = new ArrayList<>(1);
    all.add(this);
    if (split != null) {
      all.addAll(List.of(split.others));
    }
    return all;
  }
}
