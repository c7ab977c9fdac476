package io.proxyetc.launcher;

import io.proxyetc.ProxyServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * {@code proxyetc train}: does once what a proxy does, and ends. The script runs it after a build
 * while the JVM notes which classes are loaded; the archive of these makes later starts faster.
 */
final class Training {
  private static final int REQUESTS = 3;

  private Training() {}

  static int run() throws IOException, ConfigException {
    try (SampleApplication application = SampleApplication.start("blue")) {
      String text =
          """
          {
            "http": {"hostname": "127.0.0.1", "port": 0},
            "store": {"type": "memory"},
            "routes": [{"id": "all", "match": {"path": "/"}, "to": ["%s"]}],
            "limits": {"drain": 1},
            "log": {"level": "info"}
          }
          """
              .formatted(application.url());
      Config config = ConfigReader.read(text, Path.of(""), System::getenv);
      Log.levels(config.level(), config.libraries());
      try (ProxyServer proxy = Startup.start(config)) {
        Run.tell(proxy, config);
        for (int i = 0; i < REQUESTS; i++) {
          request(proxy.port());
        }
      }
    }
    return Main.OK;
  }

  private static void request(int port) throws IOException {
    try (Socket socket = new Socket(SampleApplication.loopback(), port)) {
      String request = "GET /version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream in = socket.getInputStream();
      String answer = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
      if (!answer.startsWith("HTTP/1.1 200")) {
        throw new IOException(
            "the proxy answered: " + answer.lines().findFirst().orElse("nothing"));
      }
    }
  }
}
