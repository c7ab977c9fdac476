package io.proxyetc.internal.assembly;

import io.proxyetc.Route;
import io.proxyetc.TargetGroup;
import io.proxyetc.TargetStatus;
import io.proxyetc.internal.table.RouteTable;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.StoredRoute;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How targets stand, for people. */
final class TargetStatuses {
  private TargetStatuses() {}

  /** In order of route, group and id. */
  static List<TargetStatus> of(List<TargetState> targets, RouteTable<?> live) {
    return targets.stream()
        .map(target -> of(target, live))
        .sorted(
            Comparator.comparing(TargetStatus::route)
                .thenComparing(TargetStatus::group)
                .thenComparing(status -> status.target().id()))
        .toList();
  }

  private static TargetStatus of(TargetState target, RouteTable<?> live) {
    return new TargetStatus(
        target.routeId(),
        target.group().name(),
        target.target(),
        target.observed(probes(target, live.stored(target.routeId()))),
        target.retired(),
        target.inFlight(),
        target.address().open());
  }

  private static boolean probes(TargetState target, @Nullable StoredRoute stored) {
    if (stored == null) {
      return false;
    }
    Route route = stored.route();
    TargetGroup group = route.groups().get(target.group().name());
    return group != null && route.healthOf(group).check().isPresent();
  }
}
