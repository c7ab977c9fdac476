package io.proxyetc.internal.balance;

import io.proxyetc.internal.target.TargetState;
import io.proxyetc.spi.Balancer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Under construction. */
public final class Balancers {
  private final Map<String, Balancer> users;

  public Balancers(Map<String, Balancer> users) {
    this.users = Map.copyOf(users);
  }

  /** Throws InvalidRouteException (path "balancer") when there is no such balancer. */
  public void check(String name) {}

  public Balancer.Picker picker(String name, List<TargetState> targets, AtomicInteger cursor) {
    return (request, attempt) ->
        attempt < targets.size()
            ? Math.floorMod(cursor.getAndIncrement(), targets.size())
            : -1;
  }

  /** How often a user's balancer threw or gave an index out of range. */
  public long faults() {
    return 0;
  }
}
