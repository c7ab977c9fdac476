package io.proxyetc.launcher;

import io.proxyetc.ProxyException;
import io.proxyetc.spi.Batching;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What the sections {@code mail} and {@code webhook} have in common. */
final class AlertFields {
  private static final long LARGEST_SECRET = 65_536;

  private final Paths paths;

  AlertFields(Paths paths) {
    this.paths = paths;
  }

  /**
   * Hands a value to a builder that checks it. Where it refuses, its words become the fault of the
   * field, with the value as it was written: it may come from the environment.
   */
  static void set(Section section, String key, Runnable setter) {
    try {
      setter.run();
    } catch (ProxyException e) {
      section.fault(key, message(e, section.shown(key)));
    }
  }

  /** Without the name that the builder has for the field, and without the value that it shows. */
  static String message(ProxyException e, String shown) {
    String message = e.getMessage().replaceFirst("^(mail|webhook|batching): (\\w+: )?", "");
    int value = message.indexOf("' is ");
    return message.startsWith("'") && value > 0 ? shown + message.substring(value + 1) : message;
  }

  /** A secret in the configuration, or in a file of its own, without the line end there. */
  Optional<String> secret(Section section, String key, String pathKey) {
    if (section.has(key) && section.has(pathKey)) {
      section.fault(pathKey, "says the same as " + section.path(key) + "; remove one of them");
      return Optional.empty();
    }
    Optional<String> text = section.text(key);
    return text.isPresent()
        ? text
        : paths.readable(section, pathKey).flatMap(file -> in(section, pathKey, file));
  }

  private static Optional<String> in(Section section, String key, Path file) {
    try {
      if (Files.size(file) > LARGEST_SECRET) {
        section.fault(key, "the file " + file + " is too large for a secret: correct the path");
        return Optional.empty();
      }
      String secret = Files.readString(file).stripTrailing();
      if (secret.isEmpty()) {
        section.fault(key, "the file " + file + " is empty: write the secret into it");
      }
      return Optional.of(secret).filter(s -> !s.isEmpty());
    } catch (CharacterCodingException e) {
      section.fault(key, "the file " + file + " is no UTF-8 text: save it as UTF-8");
    } catch (IOException e) {
      section.fault(key, "the file " + file + " cannot be read: " + Writable.reason(e));
    }
    return Optional.empty();
  }

  /** How events are collected, and sent again. */
  Optional<Batching> batching(Section section) {
    Duration quiet = section.seconds("quiet").orElse(Batching.DEFAULT.quiet());
    Duration usual = Batching.DEFAULT.longest();
    Duration longest =
        section.seconds("longest").orElse(usual.compareTo(quiet) < 0 ? quiet : usual);
    int attempts = section.integer("attempts", 1, 1_000).orElse(Batching.DEFAULT.attempts());
    if (longest.compareTo(quiet) < 0) {
      section.fault("longest", section.shown("longest") + " is less than quiet; write more");
      return Optional.empty();
    }
    return Optional.of(Batching.DEFAULT.collecting(quiet, longest).attempts(attempts));
  }

  Optional<Path> trust(Section section) {
    return paths.readable(section, "trustPath");
  }
}
