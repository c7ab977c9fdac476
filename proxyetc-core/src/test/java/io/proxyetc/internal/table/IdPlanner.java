package io.proxyetc.internal.table;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.spi.StoredRoute;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Plans a route as its id, and tells what it was asked. */
final class IdPlanner implements Planner<String> {
  final List<String> planned = new ArrayList<>();
  final List<String> live = new ArrayList<>();
  final List<String> dropped = new ArrayList<>();

  @Override
  public String plan(StoredRoute route, @Nullable String previous) {
    String id = route.route().id();
    planned.add(id);
    if (route.route().balancing().name().equals("broken")) {
      throw new InvalidRouteException("balancer", "there is no balancer 'broken'");
    }
    if (route.route().balancing().name().equals("crashing")) {
      throw new IllegalStateException("crashed");
    }
    return id;
  }

  @Override
  public void live(String id, String now) {
    live.add(now);
  }

  @Override
  public void dropped(String id, String previous) {
    dropped.add(id);
  }
}
