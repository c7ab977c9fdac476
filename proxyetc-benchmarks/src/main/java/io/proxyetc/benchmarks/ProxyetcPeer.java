package io.proxyetc.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** This project's proxy, through its launcher with default settings. */
final class ProxyetcPeer implements Peer {

  private static final Duration START_BOUND = Duration.ofSeconds(60);

  private final String name;
  private final IntFunction<String> routes;
  private final Map<String, String> environment;

  /** With one route for any host. */
  ProxyetcPeer() {
    this("proxyetc", LauncherConfig::oneRoute, Map.of());
  }

  /** With other routes, given the target's port, and more variables in its environment. */
  ProxyetcPeer(String name, IntFunction<String> routes, Map<String, String> environment) {
    this.name = name;
    this.routes = routes;
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Proxy start(Site site) {
    int http = Ports.free();
    int https = Ports.free();
    String file = name.replace(' ', '-');
    Path config = LauncherConfig.write(site, file, http, https, routes.apply(site.targetPort()));
    Map<String, String> variables = new HashMap<>(environment);
    site.javaHome().ifPresent(home -> variables.put("JAVA_HOME", home.toString()));
    Path launcher = site.repository().resolve("proxyetc");
    Process process =
        site.processes()
            .start(
                file,
                List.of(launcher.toString(), "run", "--config", config.toString()),
                variables);
    Ports.awaitOpen(file, process, http, START_BOUND, site.processes());
    Ports.awaitOpen(file, process, https, START_BOUND, site.processes());
    return Proxy.started(name, process, http, https, true);
  }
}
