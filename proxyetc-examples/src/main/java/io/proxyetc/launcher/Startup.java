package io.proxyetc.launcher;

import io.proxyetc.LogHealthNotifier;
import io.proxyetc.ProxyServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** From a configuration to a running proxy. */
final class Startup {
  private Startup() {}

  /**
   * Starts a proxy with the routes of its store, or with those of the configuration where the store
   * is empty. Blocks.
   */
  static ProxyServer start(Config config) {
    ProxyServer.Builder builder =
        ProxyServer.builder()
            .limits(config.limits())
            .firstRoutes(config.routes())
            .trustedPeers(config.trustedPeers().toArray(String[]::new));
    config.http().ifPresent(http -> builder.http(http.hostname(), http.port()));
    config.https().ifPresent(s -> builder.https(s.hostname(), s.port(), s.tls().orElseThrow()));
    config.accessLog().ifPresent(builder::accessLog);
    config.sessionSecret().ifPresent(builder::sessionSecret);
    config.store().file().ifPresent(file -> builder.fileStore(withDirectory(file)));
    builder.notifier(new LogHealthNotifier());
    config.alerts().forEach(alert -> builder.notifier(alert.open().get()));
    return builder.start();
  }

  private static Path withDirectory(Path file) {
    try {
      Files.createDirectories(file.getParent());
      return file;
    } catch (IOException e) {
      throw new LauncherException(
          "the directory "
              + file.getParent()
              + " for the routes cannot be made: "
              + Writable.reason(e)
              + "; make it and let this user write to it",
          e);
    }
  }
}
