package io.proxyetc.internal.http;

import io.proxyetc.internal.health.Observations;
import io.proxyetc.internal.target.TargetState;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what requests meet with at targets: it counts for or against them. Immutable; any IO
 * thread.
 */
final class Witness {
  private static final Logger LOG = LoggerFactory.getLogger(Witness.class);

  private final Observations observations;

  Witness(Observations observations) {
    this.observations = observations;
  }

  /** The target took no connection. */
  void connectFailed(@Nullable TargetState target, @Nullable HttpGroup group, IOException cause) {
    if (target == null || group == null) {
      return;
    }
    long now = System.nanoTime();
    String why = "no connection: " + cause.getMessage();
    observations.connectFailed(target, group.targets(), group.health(), why, now);
    if (target.mayWarn(now)) {
      LOG.warn(
          "route {}: target {}: {}; told again after a minute at the soonest",
          target.routeId(),
          target,
          why);
    }
  }

  /** The target gave no answer that could be used. */
  void failed(@Nullable TargetState target, @Nullable HttpGroup group, String why) {
    if (target != null && group != null) {
      observations.failed(target, group.targets(), group.health(), why, System.nanoTime());
    }
  }

  /** The target has answered with this status. */
  void answered(@Nullable TargetState target, @Nullable HttpGroup group, int status) {
    if (target == null || group == null) {
      return;
    }
    if (status >= 500 && group.health().ejection().statuses().contains(status)) {
      failed(target, group, "it answers " + status);
    } else if (target.worked()) {
      observations.recovered(target, group.targets(), group.health(), System.nanoTime());
    }
  }
}
