package io.proxyetc.launcher;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.ListenerAddress;
import io.proxyetc.ProxyException;
import io.proxyetc.ProxyServer;
import io.proxyetc.TlsFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a proxy until the process is told to end. */
final class Run {
  private Run() {}

  /** Runs the proxy of a configuration; returns only where it cannot be run. */
  static int run(Path file) throws InterruptedException {
    int code = start(new ConfigFile(file));
    if (code == Main.OK) {
      Thread.currentThread().join(); // until the shutdown hook halts the JVM
    }
    return code;
  }

  /**
   * Starts the proxy of a configuration. A method of its own, as one that waits for ever keeps what
   * its variables hold: the first routes, long after others have replaced them.
   */
  private static int start(ConfigFile file) {
    Optional<Config> config = file.read().orTold();
    if (config.isEmpty()) {
      return Main.USAGE;
    }
    Log.levels(config.get().level(), config.get().libraries());
    Logger log = LoggerFactory.getLogger(Run.class);
    config.get().warnings().forEach(log::warn);
    ProxyServer proxy;
    try {
      proxy = Startup.start(config.get());
    } catch (ProxyException | LauncherException e) {
      return failed(e, config.get(), file);
    }
    Shutdown.drains(proxy, () -> System.err.println("stopped"));
    tell(proxy, config.get());
    return Main.OK;
  }

  /**
   * A start ends at its first fault. Whoever mends it is told the others as well, and the exit code
   * is the one of {@code check}.
   */
  private static int failed(RuntimeException first, Config config, ConfigFile file) {
    Inspection inspection = new Inspection(config, file);
    Set<String> faults = new LinkedHashSet<>();
    boolean outside = true;
    if (first instanceof InvalidRouteException || first instanceof TlsFileException) {
      faults.add(file.line((ProxyException) first, config));
      outside = false;
    }
    faults.addAll(inspection.named());
    List<String> unwritable = inspection.unwritable();
    faults.forEach(System.err::println);
    unwritable.forEach(System.err::println);
    if (outside && unwritable.isEmpty()) {
      Main.failed(first);
    }
    return faults.isEmpty() ? Main.FAILURE : Main.USAGE;
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
