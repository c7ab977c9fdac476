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
    this("proxyetc");
  }

  /** The same under another name. */
  ProxyetcPeer(String name) {
    this(name, LauncherConfig::oneRoute, Map.of());
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
    Process process = launch(site, http, https);
    Ports.awaitOpen(name, process, http, START_BOUND, site.processes());
    Ports.awaitOpen(name, process, https, START_BOUND, site.processes());
    return Proxy.started(name, process, http, https, true);
  }

  /** Starts it on these ports without waiting for anything. */
  Process launch(Site site, int http, int https) {
    String file = name.replace(' ', '-');
    Path config = LauncherConfig.write(site, file, http, https, routes.apply(site.targetPort()));
    Map<String, String> variables = new HashMap<>(environment);
    site.javaHome().ifPresent(home -> variables.put("JAVA_HOME", home.toString()));
    String launcher = site.repository().resolve("proxyetc").toString();
    return site.processes()
        .start(file, List.of(launcher, "run", "--config", config.toString()), variables);
  }

  /** What the launcher gives its JVM. Starts one to see. */
  static List<String> jvmFlags(Site site) {
    Process process = new ProxyetcPeer("flags").start(site).process().orElseThrow();
    try {
      return JvmFlags.of(process.pid());
    } finally {
      site.processes().stop(process);
    }
  }
}
