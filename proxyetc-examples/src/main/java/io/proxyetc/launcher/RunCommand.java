package io.proxyetc.launcher;

import io.proxyetc.ListenerAddress;
import io.proxyetc.ProxyServer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code proxyetc run --config FILE}: runs until it is told to end. */
@Command(
    name = "run",
    description =
        "Runs the proxy of a configuration until it gets SIGTERM or SIGINT; then it drains.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class RunCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "the configuration, a JSON file: docs/configuration.md describes it")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path file;

  @Override
  public Integer call() throws InterruptedException {
    Optional<Config> config = new ConfigFile(file).read();
    if (config.isEmpty()) {
      return Main.USAGE;
    }
    Log.level(config.get().level());
    Logger log = LoggerFactory.getLogger(RunCommand.class);
    config.get().warnings().forEach(log::warn);
    ProxyServer proxy = Startup.start(config.get());
    Shutdown.drains(proxy, () -> System.err.println("stopped"));
    tell(proxy, config.get());
    Thread.currentThread().join(); // until the shutdown hook halts the JVM
    return Main.OK;
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
        Version.text()
            + " is ready after "
            + Uptime.text()
            + "; pid "
            + ProcessHandle.current().pid());
  }
}
