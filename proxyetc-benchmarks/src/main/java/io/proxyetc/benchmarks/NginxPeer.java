package io.proxyetc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * nginx, as one would set it up for this work: a worker per core, connections to the target kept,
 * bodies of 64 KiB in memory, longer answers streamed instead of spilled to a file.
 */
final class NginxPeer implements Peer {

  private static final String HEADERS =
      """
          proxy_set_header Host $http_host;
          proxy_set_header Connection "";
          proxy_set_header Via "1.1 nginx";
          proxy_set_header X-Forwarded-For $remote_addr;
          proxy_set_header X-Forwarded-Proto $scheme;
          proxy_set_header X-Forwarded-Host $http_host;
          proxy_set_header X-Forwarded-Port $server_port;
          proxy_set_header Forwarded "for=$remote_addr;host=\\"$http_host\\";proto=$scheme";
          proxy_set_header X-Request-Id $request_id;
          add_header Via "1.1 nginx";
      """;

  @Override
  public String name() {
    return "nginx";
  }

  @Override
  public Proxy start(Site site) {
    int http = Ports.free();
    int https = Ports.free();
    Path directory = site.directory();
    try {
      Files.writeString(directory.resolve("nginx.conf"), configuration(site, http, https));
    } catch (IOException e) {
      throw new BenchmarkException("nginx.conf: " + e.getMessage(), e);
    }
    Process process =
        site.processes().start(name(), NginxProcess.command(directory, "nginx.conf"), Map.of());
    Ports.awaitOpen(name(), process, http, Duration.ofSeconds(10), site.processes());
    Ports.awaitOpen(name(), process, https, Duration.ofSeconds(10), site.processes());
    return Proxy.started(name(), process, http, https, false);
  }

  private static String configuration(Site site, int http, int https) {
    String log =
        site.accessLog()
            ? "access_log " + site.directory() + "/nginx-access.log combined buffer=32k;"
            : "";
    return NginxProcess.preamble("nginx", site.directory(), Machine.cores())
        + """
          %1$s
          client_max_body_size 0; client_body_buffer_size 128k;
          proxy_max_temp_file_size 0;
          upstream target { server %2$s:%3$d; keepalive 128; keepalive_requests 1000000000; }
          ssl_certificate %4$s; ssl_certificate_key %5$s; ssl_protocols TLSv1.2 TLSv1.3;
          server {
            listen %2$s:%6$d backlog=4096;
            listen %2$s:%7$d ssl http2 backlog=4096;
            location / {
              proxy_pass http://target; proxy_http_version 1.1;
        %8$s    }
          }
        }
        """
            .formatted(
                log,
                Ports.LOOPBACK,
                site.targetPort(),
                site.certificate().cert(),
                site.certificate().key(),
                http,
                https,
                HEADERS);
  }
}
