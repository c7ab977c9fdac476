package io.proxyetc.launcher;

import io.proxyetc.AccessLog;
import io.proxyetc.Route;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a configuration beyond its text: with what it names, each fault a line. A
 * start tells the first of these only. For one thread; blocks for the disk.
 */
final class Inspection {
  private final Config config;
  private final ConfigFile file;
  private final Optional<StoreFile> store;

  Inspection(Config config, ConfigFile file) {
    this.config = config;
    this.file = file;
    this.store = config.store().file().map(StoreFile::read);
  }

  /** Of certificates, and of the first routes and their trust files where they will be used. */
  List<String> named() {
    Trial trial = new Trial(config, file);
    trial.certificates();
    if (routes().isEmpty()) {
      trial.firstRoutes();
    }
    return trial.faults();
  }

  /** Of the routes in the file of the store. */
  List<String> stored() {
    if (store.isEmpty()) {
      return List.of();
    }
    Trial trial = new Trial(config, file);
    if (!routes().isEmpty()) {
      trial.stored(store.get());
    }
    List<String> faults = new ArrayList<>(trial.faults());
    faults.addAll(store.get().faults());
    return faults;
  }

  /** Of files that shall be written and cannot be. */
  List<String> unwritable() {
    List<String> lines = new ArrayList<>();
    Optional<Path> kept = config.store().file();
    kept.flatMap(Writable::replaced).ifPresent(why -> lines.add(line(kept.get(), why)));
    Optional<Path> log = config.accessLog().flatMap(AccessLog::file);
    log.flatMap(Writable::appended).ifPresent(why -> lines.add(line(log.get(), why)));
    return lines;
  }

  /** With the place that names the file, or its directory. */
  private String line(Path written, String why) {
    @Nullable Place place = config.places().get(written);
    @Nullable Path directory = written.getParent();
    if (place == null && directory != null) {
      place = config.places().get(directory);
    }
    return file.line(Optional.ofNullable(place), why);
  }

  /** Those that the file of the store holds. */
  List<Route> routes() {
    return store.map(StoreFile::routes).orElse(List.of());
  }
}
