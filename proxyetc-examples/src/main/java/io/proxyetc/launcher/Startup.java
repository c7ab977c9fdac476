package io.proxyetc.launcher;

import io.proxyetc.ProxyException;
import io.proxyetc.ProxyServer;
import io.proxyetc.spi.RouteChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;

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
            .trustedPeers(config.trustedPeers().toArray(String[]::new));
    config.http().ifPresent(http -> builder.http(http.hostname(), http.port()));
    config.https().ifPresent(s -> builder.https(s.hostname(), s.port(), s.tls().orElseThrow()));
    config.accessLog().ifPresent(builder::accessLog);
    config.store().file().ifPresent(file -> builder.fileStore(withDirectory(file)));
    ProxyServer proxy = builder.start();
    try {
      seed(proxy, config);
      return proxy;
    } catch (RuntimeException e) {
      proxy.close();
      throw e;
    }
  }

  private static void seed(ProxyServer proxy, Config config) {
    if (config.routes().isEmpty() || proxy.routes().revision() > 0) {
      return;
    }
    RouteChange first =
        new RouteChange(
            config.routes().stream().map(route -> RouteChange.Edit.put(route, 0)).toList(),
            "launcher",
            "the first content of an empty store");
    try {
      proxy.routes().apply(first).toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new ProxyException("routes: " + e.getCause().getMessage(), e.getCause());
    }
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
              + e
              + "; make it and let this user write to it",
          e);
    }
  }
}
