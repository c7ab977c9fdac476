package io.proxyetc.launcher;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.ListenerAddress;
import io.proxyetc.ProxyServer;
import io.proxyetc.TlsFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a proxy until the process is told to end. */
final class Run {
  private Run() {}

  /** Runs the proxy of a configuration; returns only where it cannot be run. */
  static int run(Path file) throws InterruptedException {
    if (!started(file)) {
      return Main.USAGE;
    }
    Thread.currentThread().join(); // until the shutdown hook halts the JVM
    return Main.OK;
  }

  /**
   * Whether there is a configuration and its proxy runs. A method of its own, as one that waits for
   * ever keeps what its variables hold: the first routes, long after others have replaced them.
   */
  private static boolean started(Path file) {
    Optional<Config> config = new ConfigFile(file).read();
    if (config.isEmpty()) {
      return false;
    }
    Log.levels(config.get().level(), config.get().libraries());
    Logger log = LoggerFactory.getLogger(Run.class);
    config.get().warnings().forEach(log::warn);
    ProxyServer proxy;
    try {
      proxy = Startup.start(config.get());
    } catch (InvalidRouteException | TlsFileException e) {
      System.err.println(new ConfigFile(file).line(e, config.get()));
      return false;
    }
    Shutdown.drains(proxy, () -> System.err.println("stopped"));
    tell(proxy, config.get());
    return true;
  }

  /** On standard error: standard output may be the access log. */
  static void tell(ProxyServer proxy, Config config) {
    for (ListenerAddress listener : proxy.listeners()) {
      System.err.println("listening on " + listener.url());
    }
    Optional<Path> store = config.store().file();
    int routes = proxy.routes().list().size();
    System.err.println(
        (routes == 1 ? "1 route" : routes + " routes")
            + (store.isPresent() ? " from " + store.get() : " in memory"));
    proxy
        .routes()
        .refused()
        .forEach((id, why) -> System.err.println("refused: " + id + ": " + why));
    System.err.println(
        Build.name()
            + " is ready after "
            + Uptime.text()
            + "; pid "
            + ProcessHandle.current().pid());
  }
}
