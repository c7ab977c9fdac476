package io.proxyetc.launcher;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.RouteFile;
import io.proxyetc.RouteJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code proxyetc check --config FILE}: says all that is wrong with a configuration. */
@Command(
    name = "check",
    description = "Checks a configuration, its certificates and its routes, and runs nothing.",
    mixinStandardHelpOptions = true,
    versionProvider = Commands.Version.class)
final class CheckCommand implements Callable<Integer> {
  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "the configuration, a JSON file: docs/configuration.md describes it")
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path file;

  @Override
  public Integer call() {
    Optional<Config> config = new ConfigFile(file).read();
    if (config.isEmpty()) {
      return Main.USAGE;
    }
    Optional<List<Route>> stored = storedRoutes(config.get());
    if (stored.isEmpty() || !trial(config.get(), stored.get())) {
      return Main.USAGE;
    }
    config.get().warnings().forEach(warning -> System.out.println("warning: " + warning));
    System.out.println("ok: " + summary(config.get(), stored.get().size()));
    return Main.OK;
  }

  /**
   * How many routes the store holds; empty, with its faults on standard error, where it is broken.
   */
  private static Optional<List<Route>> storedRoutes(Config config) {
    Optional<Path> store = config.store().file();
    if (store.isEmpty() || !Files.exists(store.get())) {
      return Optional.of(List.of());
    }
    if (!Files.isRegularFile(store.get())) { // to read a pipe would wait, a device may have no end
      System.err.println(store.get() + ": is no file: move it away, or correct store or dbPath");
      return Optional.empty();
    }
    try {
      String text = Files.readString(store.get());
      if (text.isBlank()) {
        return Optional.of(List.of());
      }
      RouteFile routes = RouteJson.parseFile(text);
      for (RouteFile.Fault fault : routes.faults()) {
        System.err.println(
            store.get()
                + ":"
                + fault.line()
                + ":"
                + fault.column()
                + ": "
                + fault.path()
                + ": "
                + fault.message());
      }
      return routes.faults().isEmpty() ? Optional.of(routes.routes()) : Optional.empty();
    } catch (IOException | InvalidRouteException e) {
      System.err.println(store.get() + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /**
   * Starts the proxy for a moment on free ports of the loopback address, with its routes in memory:
   * whether certificates can be used and routes be told apart, only the real thing knows.
   */
  private boolean trial(Config config, List<Route> stored) {
    try {
      Startup.start(config.forTrial(stored)).close();
      return true;
    } catch (InvalidRouteException e) {
      String name = file.toString();
      Optional<Fault> placed = stored.isEmpty() ? new ConfigFile(file).place(e) : Optional.empty();
      System.err.println(placed.map(fault -> fault.in(name)).orElse(name + ": " + e.getMessage()));
      return false;
    } catch (ProxyException e) {
      System.err.println(file + ": " + e.getMessage());
      return false;
    }
  }

  private static String summary(Config config, int stored) {
    List<String> parts = new ArrayList<>();
    config.http().ifPresent(http -> parts.add("http on " + address(http)));
    config.https().ifPresent(https -> parts.add("https on " + address(https)));
    Optional<Path> store = config.store().file();
    parts.add(
        store.isEmpty()
            ? routes(config.routes().size()) + " in memory"
            : stored > 0 || Files.exists(store.get())
                ? routes(stored) + " in " + store.get()
                : routes(config.routes().size()) + " to begin with, to be kept in " + store.get());
    return String.join(", ", parts);
  }

  private static String address(Config.Listener listener) {
    return listener.hostname() + ":" + listener.port();
  }

  private static String routes(int count) {
    return count == 1 ? "1 route" : count + " routes";
  }
}
