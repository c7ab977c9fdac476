package io.proxyetc.benchmarks;

import java.time.Duration;
import java.util.List;

/** Undertow's own ProxyHandler in a JVM of its own. */
final class UndertowPeer implements Peer {

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
    List<String> arguments =
        List.of(
            Integer.toString(http),
            Integer.toString(https),
            Integer.toString(site.targetPort()),
            site.certificate().store().toString(),
            site.accessLog() ? site.directory().toString() : "-");
    Process process = JavaProgram.start(name(), UndertowProxy.class, site, jvmFlags, arguments);
    Ports.awaitOpen(name(), process, http, Duration.ofSeconds(30), site.processes());
    Ports.awaitOpen(name(), process, https, Duration.ofSeconds(30), site.processes());
    return Proxy.started(name(), process, http, https, true);
  }
}
