package io.proxyetc.launcher;

import io.proxyetc.AccessLog;
import io.proxyetc.Route;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
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
    ConfigFile configFile = new ConfigFile(file);
    Optional<Config> read = configFile.read();
    if (read.isEmpty()) {
      return Main.USAGE;
    }
    Config config = read.get();
    Optional<StoreFile> store = config.store().file().map(StoreFile::read);
    List<Route> stored = store.map(StoreFile::routes).orElse(List.of());
    Trial trial = new Trial(config, configFile);
    trial.certificates();
    if (stored.isEmpty()) {
      trial.firstRoutes();
    } else {
      trial.stored(store.orElseThrow());
    }
    List<String> faults = new ArrayList<>(trial.faults());
    store.ifPresent(s -> faults.addAll(s.faults()));
    List<String> unwritable = unwritable(config);
    faults.forEach(System.err::println);
    unwritable.forEach(System.err::println);
    if (!faults.isEmpty() || !unwritable.isEmpty()) {
      return faults.isEmpty() ? Main.FAILURE : Main.USAGE;
    }
    config.warnings().forEach(warning -> System.out.println("warning: " + warning));
    System.out.println("ok: " + summary(config, stored.size()));
    return Main.OK;
  }

  /** Files that shall be written and cannot be, as lines. */
  private List<String> unwritable(Config config) {
    List<String> lines = new ArrayList<>();
    Optional<Path> store = config.store().file();
    store.flatMap(Writable::replaced).ifPresent(why -> lines.add(line(config, store.get(), why)));
    Optional<Path> log = config.accessLog().flatMap(AccessLog::file);
    log.flatMap(Writable::appended).ifPresent(why -> lines.add(line(config, log.get(), why)));
    return lines;
  }

  /** With the place that names the file, or its directory. */
  private String line(Config config, Path written, String why) {
    @Nullable Place place = config.places().get(written);
    @Nullable Path directory = written.getParent();
    if (place == null && directory != null) {
      place = config.places().get(directory);
    }
    return place == null ? file + ": " + why : place.fault(why).in(file.toString());
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
