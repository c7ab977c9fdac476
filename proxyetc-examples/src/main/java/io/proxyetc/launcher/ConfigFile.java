package io.proxyetc.launcher;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.ProxyException;
import io.proxyetc.TlsFileException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads a configuration from disk and shows its faults. */
final class ConfigFile {
  private static final int SHOWN = 50;

  private final Path file;

  ConfigFile(Path file) {
    this.file = file;
  }

  /**
   * What a reading came to.
   *
   * @param config with faults only what could be read all the same, which is not to be run
   * @param faults as lines
   */
  record Reading(Optional<Config> config, List<String> faults) {
    /** The configuration; empty, with all faults on standard error, where it cannot be run. */
    Optional<Config> orTold() {
      faults.forEach(System.err::println);
      return faults.isEmpty() ? config : Optional.empty();
    }
  }

  Reading read() {
    try {
      return new Reading(
          Optional.of(ConfigReader.read(text(), directory(), System::getenv)), List.of());
    } catch (ConfigException e) {
      List<String> lines = new ArrayList<>();
      e.faults().stream().limit(SHOWN).forEach(fault -> lines.add(fault.in(file.toString())));
      if (e.faults().size() > SHOWN) {
        lines.add("… and " + (e.faults().size() - SHOWN) + " more faults");
      }
      return new Reading(e.rest(), lines);
    } catch (IOException e) {
      return new Reading(Optional.empty(), List.of(file + ": " + reason(e)));
    }
  }

  /** A fault of a file that it names, with the place where it does. */
  String line(Optional<Place> place, String why) {
    return place.map(p -> p.fault(why).in(file.toString())).orElse(file + ": " + why);
  }

  /**
   * A fault that showed when the proxy was started, with its place where this file is the cause.
   */
  String line(ProxyException e, Config config) {
    return place(e, config)
        .map(fault -> fault.in(file.toString()))
        .orElse(file + ": " + e.getMessage());
  }

  private Optional<Fault> place(ProxyException e, Config config) {
    if (e instanceof TlsFileException tls) {
      return Optional.ofNullable(config.places().get(tls.file()))
          .map(place -> place.fault(tls.getMessage()));
    }
    try {
      return e instanceof InvalidRouteException route
          ? RoutesReader.place(text(), route)
          : Optional.empty();
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private String text() throws IOException {
    return Files.readString(file);
  }

  private Path directory() {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  private String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file: correct --config (./proxyetc demo runs without one)";
    }
    if (e instanceof CharacterCodingException) {
      return "this is no UTF-8 text: save it as UTF-8";
    }
    return Files.isDirectory(file)
        ? "is a directory, but a file is expected: correct --config"
        : "cannot be read: " + e;
  }
}
