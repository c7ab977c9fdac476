package io.proxyetc.launcher;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.ProxyException;
import io.proxyetc.TlsFileException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads a configuration from disk and shows its faults. */
final class ConfigFile {
  private static final int SHOWN = 50;

  private final Path file;

  ConfigFile(Path file) {
    this.file = file;
  }

  /** The configuration; empty, with all faults on standard error, where it cannot be run. */
  Optional<Config> read() {
    try {
      return Optional.of(ConfigReader.read(text(), directory(), System::getenv));
    } catch (ConfigException e) {
      List<Fault> faults = e.faults();
      faults.stream().limit(SHOWN).forEach(fault -> System.err.println(fault.in(file.toString())));
      if (faults.size() > SHOWN) {
        System.err.println("… and " + (faults.size() - SHOWN) + " more faults");
      }
    } catch (IOException e) {
      System.err.println(file + ": " + reason(e));
    }
    return Optional.empty();
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
