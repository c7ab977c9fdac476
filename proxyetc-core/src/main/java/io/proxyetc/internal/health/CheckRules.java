package io.proxyetc.internal.health;

import io.proxyetc.HealthCheck;
import io.proxyetc.InvalidRouteException;
import io.proxyetc.Route;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;

/** Which checks a route's targets can be asked. */
public final class CheckRules {
  private CheckRules() {}

  /**
   * Refuses what cannot be.
   *
   * @throws InvalidRouteException for a check that one of its targets could never pass, with the
   *     place of the check
   */
  public static void check(Route route) {
    for (TargetGroup group : route.groups().values()) {
      boolean tls =
          route
              .healthOf(group)
              .check()
              .filter(check -> check.kind() == HealthCheck.Kind.TLS)
              .isPresent();
      for (Target target : group.targets()) {
        if (tls && !target.secure()) {
          String place = group.health().isPresent() ? "groups." + group.name() + "." : "";
          throw new InvalidRouteException(
              place + "health.check",
              "a TLS handshake is asked of "
                  + target.url()
                  + ", which is no https target: write \"tcp\" or a path, or https://");
        }
      }
    }
  }
}
