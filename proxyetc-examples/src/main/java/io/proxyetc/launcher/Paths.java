package io.proxyetc.launcher;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads file names; relative ones start from the directory of the configuration. Remembers where
 * each stands, for faults that show later.
 */
final class Paths {
  private final Path directory;
  private final Map<Path, Place> places = new HashMap<>();

  Paths(Path directory) {
    this.directory = directory.toAbsolutePath().normalize();
  }

  /** Where each file is named, the first time. */
  Map<Path, Place> places() {
    return Map.copyOf(places);
  }

  /** A file that need not be there. */
  Optional<Path> file(Section section, String key) {
    Optional<Path> file = path(section, key);
    if (file.isPresent() && Files.isDirectory(file.get())) {
      section.fault(key, file.get() + " is a directory, but a file is expected");
      return Optional.empty();
    }
    return file;
  }

  /** A file that can be read. */
  Optional<Path> readable(Section section, String key) {
    Optional<Path> file = file(section, key);
    if (file.isPresent() && !Files.isReadable(file.get())) {
      boolean there = Files.exists(file.get());
      section.fault(
          key,
          there
              ? "the file " + file.get() + " may not be read by this user: change its permissions"
              : "there is no file "
                  + file.get()
                  + ": correct the path (a relative one starts from "
                  + directory
                  + ")");
      return Optional.empty();
    }
    return file;
  }

  /** A directory that need not be there. */
  Optional<Path> directory(Section section, String key) {
    Optional<Path> dir = path(section, key);
    if (dir.isPresent() && Files.exists(dir.get()) && !Files.isDirectory(dir.get())) {
      section.fault(key, dir.get() + " is a file, but a directory is expected");
      return Optional.empty();
    }
    return dir;
  }

  private Optional<Path> path(Section section, String key) {
    Optional<String> text = section.text(key);
    try {
      Optional<Path> path = text.map(t -> directory.resolve(t).normalize());
      path.ifPresent(p -> places.putIfAbsent(p, section.place(key)));
      return path;
    } catch (InvalidPathException e) {
      section.fault(key, "this is no file name: " + e.getReason());
      return Optional.empty();
    }
  }
}
