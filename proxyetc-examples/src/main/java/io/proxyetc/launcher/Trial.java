package io.proxyetc.launcher;

import io.proxyetc.Health;
import io.proxyetc.HealthCheck;
import io.proxyetc.InvalidRouteException;
import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Starts parts of a proxy for a moment each, on free ports of the loopback address and with routes
 * in memory: whether certificates can be used and routes be told apart, only the real thing knows.
 * A start ends at its first fault; so the parts are small, and what has a fault is left out of the
 * next one. For one thread.
 */
final class Trial {
  private static final int MOST_FAULTS = 20;

  private final Config config;
  private final ConfigFile file;
  private final Set<String> faults = new LinkedHashSet<>();

  Trial(Config config, ConfigFile file) {
    this.config = config;
    this.file = file;
  }

  /** As lines, in the order in which they were found. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /** Tries each certificate. */
  void certificates() {
    for (Config one : config.trialsOfTls()) {
      try {
        Startup.start(one).close();
      } catch (ProxyException e) {
        faults.add(file.line(e, config));
      }
    }
  }

  /** Tries the first routes of the configuration. */
  void firstRoutes() {
    routes(config.routes(), e -> file.line(e, config));
  }

  /** Tries the routes of a store. */
  void stored(StoreFile store) {
    routes(store.routes(), store::line);
  }

  private void routes(List<Route> routes, Function<InvalidRouteException, String> line) {
    List<Route> rest = new ArrayList<>(routes);
    for (int i = 0; i < MOST_FAULTS; i++) {
      try {
        Startup.start(config.trialOf(rest.stream().map(Trial::unasked).toList())).close();
        return;
      } catch (InvalidRouteException e) {
        faults.add(line.apply(e));
        if (!rest.removeIf(route -> route.id().equals(RoutesReader.id(e)))) {
          return;
        }
      } catch (ProxyException e) {
        faults.add(file.line(e, config));
        return;
      }
    }
  }

  /** The same route, but it asks its targets nothing: only a check that cannot be is left in it. */
  private static Route unasked(Route route) {
    if (route.groups().values().stream().anyMatch(group -> impossible(route, group))) {
      return route;
    }
    Route.Builder unasked = route.toBuilder().health(Health.DEFAULT);
    route.groups().values().stream()
        .filter(group -> group.health().isPresent())
        .forEach(group -> unasked.group(group.withHealth(Health.DEFAULT)));
    return unasked.build();
  }

  private static boolean impossible(Route route, TargetGroup group) {
    return route
        .healthOf(group)
        .check()
        .filter(check -> check.kind() == HealthCheck.Kind.TLS)
        .filter(check -> !group.targets().stream().allMatch(Target::secure))
        .isPresent();
  }
}
