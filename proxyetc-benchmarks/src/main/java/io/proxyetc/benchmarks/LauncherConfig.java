package io.proxyetc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Writes configurations of this project's launcher. */
final class LauncherConfig {

  private LauncherConfig() {}

  /** One route for any host. */
  static String oneRoute(int targetPort) {
    return "{\"id\": \"all\", \"match\": {\"path\": \"/\"}, \"to\": [" + url(targetPort) + "]}";
  }

  /** The same, and {@code /upload} leads to another target. */
  static String withUpload(int targetPort, int uploadPort) {
    return oneRoute(targetPort)
        + ", {\"id\": \"up\", \"match\": {\"path\": \"/upload\"}, \"to\": ["
        + url(uploadPort)
        + "]}";
  }

  /** The host of a route when there are many. */
  static String host(int route) {
    return "h" + route + ".example.test";
  }

  /** A route for each {@link #host}. */
  static String manyRoutes(int count, int targetPort) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                "{\"id\": \"r%d\", \"match\": {\"hosts\": [\"%s\"]}, \"to\": [%s]}"
                    .formatted(i, host(i), url(targetPort)))
        .collect(Collectors.joining(",\n"));
  }

  /** Default settings but for ports, certificate and routes. */
  static Path write(Site site, String name, int http, int https, String routes) {
    String text =
        """
        {
          "http": {"hostname": "%1$s", "port": %2$d},
          "https": {"hostname": "%1$s", "port": %3$d, "keyPath": "%4$s", "certPath": "%5$s"},
          "store": {"type": "memory"},%7$s
          "routes": [%6$s]
        }
        """
            .formatted(
                Ports.LOOPBACK,
                http,
                https,
                site.certificate().key(),
                site.certificate().cert(),
                routes,
                accessLog(site, name));
    try {
      return Files.writeString(site.directory().resolve(name + ".json"), text);
    } catch (IOException e) {
      throw new BenchmarkException(name + ".json: " + e.getMessage(), e);
    }
  }

  private static String accessLog(Site site, String name) {
    return site.accessLog()
        ? " \"log\": {\"access\": {\"file\": \"%s/%s-access.log\"}},"
            .formatted(site.directory(), name)
        : "";
  }

  private static String url(int targetPort) {
    return "\"http://" + Ports.LOOPBACK + ":" + targetPort + "\"";
  }
}
