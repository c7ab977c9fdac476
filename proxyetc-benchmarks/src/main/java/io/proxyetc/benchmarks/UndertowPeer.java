package io.proxyetc.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Undertow's own ProxyHandler in a JVM of its own. */
final class UndertowPeer implements Peer {

  private static final Map<String, String> ENVIRONMENT = // as the launcher's
      Map.of("MALLOC_ARENA_MAX", "2");

  private final List<String> jvmFlags;

  /** With the flags that this project's launcher gives its JVM. */
  UndertowPeer(List<String> jvmFlags) {
    this.jvmFlags = List.copyOf(jvmFlags);
  }

  @Override
  public String name() {
    return "undertow";
  }

  @Override
  public Proxy start(Site site) {
    int http = Ports.free();
    int https = Ports.free();
    List<String> command = new ArrayList<>();
    command.add(site.java());
    command.addAll(jvmFlags);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            UndertowProxy.class.getName(),
            Integer.toString(http),
            Integer.toString(https),
            Integer.toString(site.targetPort()),
            site.certificate().store().toString(),
            site.accessLog() ? site.directory().toString() : "-"));
    Process process = site.processes().start(name(), command, ENVIRONMENT);
    Ports.awaitOpen(name(), process, http, Duration.ofSeconds(30), site.processes());
    Ports.awaitOpen(name(), process, https, Duration.ofSeconds(30), site.processes());
    return Proxy.started(name(), process, http, https, true);
  }
}
