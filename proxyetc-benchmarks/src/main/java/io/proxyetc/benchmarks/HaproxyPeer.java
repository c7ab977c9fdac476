package io.proxyetc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** HAProxy in http mode: a thread per core, connections to the target kept and shared. */
final class HaproxyPeer implements Peer {

  private static final String HEADERS =
      """
        http-request set-header Via "1.1 haproxy"
        http-request set-header X-Forwarded-For %[src]
        http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]
        http-request set-header X-Forwarded-Host %[req.hdr(host)]
        http-request set-header X-Forwarded-Port %[dst_port]
        http-request set-header Forwarded "for=%[src];host=\\"%[req.hdr(host)]\\";proto=%[ssl_fc,iif(https,http)]"
        http-request set-header X-Request-Id %[uuid()]
        http-response set-header Via "1.1 haproxy"
      """;

  @Override
  public String name() {
    return "haproxy";
  }

  @Override
  public Proxy start(Site site) {
    int http = Ports.free();
    int https = Ports.free();
    Path file = site.directory().resolve("haproxy.cfg");
    try {
      Files.writeString(file, configuration(site, http, https));
    } catch (IOException e) {
      throw new BenchmarkException("haproxy.cfg: " + e.getMessage(), e);
    }
    Process process =
        site.processes().start(name(), List.of("haproxy", "-db", "-f", file.toString()), Map.of());
    Ports.awaitOpen(name(), process, http, Duration.ofSeconds(10), site.processes());
    Ports.awaitOpen(name(), process, https, Duration.ofSeconds(10), site.processes());
    return Proxy.started(name(), process, http, https, false);
  }

  private static String configuration(Site site, int http, int https) {
    String log = site.accessLog() ? "option httplog\n  log stdout format raw local0" : "";
    return """
    global
      maxconn 9000
      nbthread %1$d
      ssl-default-bind-options ssl-min-ver TLSv1.2
    defaults
      mode http
      timeout connect 5s
      timeout client 300s
      timeout server 300s
      http-reuse always
      option http-keep-alive
      %2$s
    frontend clients
      bind %3$s:%4$d backlog 4096
      bind %3$s:%5$d backlog 4096 ssl crt %6$s alpn h2,http/1.1
    %7$s  default_backend target
    backend target
      server one %3$s:%8$d
    """
        .formatted(
            Machine.cores(),
            log,
            Ports.LOOPBACK,
            http,
            https,
            site.certificate().both(),
            HEADERS,
            site.targetPort());
  }
}
