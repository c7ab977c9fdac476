package io.proxyetc.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The files of this repository, as tests of its documents need them. */
final class Repository {
  private Repository() {}

  /** Its root. */
  static Path root() {
    Path dir = Path.of("").toAbsolutePath();
    while (!Files.exists(dir.resolve("proxyetc-core/pom.xml"))) {
      dir = Objects.requireNonNull(dir.getParent(), "these tests run inside the repository");
    }
    return dir;
  }

  static String read(String file) {
    try {
      return Files.readString(root().resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The blocks of a language in a Markdown file. */
  static List<String> blocks(String file, String language) {
    List<String> blocks = new ArrayList<>();
    Matcher block = Pattern.compile("(?ms)^```" + language + "\n(.*?)^```").matcher(read(file));
    while (block.find()) {
      blocks.add(block.group(1));
    }
    return blocks;
  }

  /** A resource of the launcher. */
  static String schema() {
    return read("proxyetc-examples/src/main/resources/io/proxyetc/launcher/config.schema.json");
  }
}
