package io.proxyetc.launcher;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a file can be written where it shall be. It is tried, since permissions say nothing of a
 * disk that is mounted for reading, or full; nothing is left behind.
 */
final class Writable {
  private Writable() {}

  /**
   * What stands in the way of a file that is written anew and renamed; missing directories are
   * made.
   */
  static Optional<String> replaced(Path file) {
    @Nullable Path directory = file.getParent();
    while (directory != null && !Files.exists(directory)) {
      directory = directory.getParent();
    }
    try {
      if (directory != null) {
        Files.delete(Files.createTempFile(directory, ".proxyetc-check-", ""));
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(directory + " cannot be written to" + remedy(e));
    }
  }

  /** What stands in the way of a file that is appended to. */
  static Optional<String> appended(Path file) {
    if (!Files.isRegularFile(file)) { // a pipe would wait for its reader
      return Files.exists(file) ? Optional.empty() : replaced(file);
    }
    try {
      Files.newOutputStream(file, StandardOpenOption.APPEND).close();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(file + " cannot be written to" + remedy(e));
    }
  }

  private static String remedy(IOException e) {
    return " (" + reason(e) + "): let this user write there, or choose another place";
  }

  /** In the system's words, or in ours where the JDK keeps those for itself. */
  static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "access denied";
    }
    if (e instanceof NoSuchFileException) {
      return "nothing can be made there";
    }
    String reason = e instanceof FileSystemException f ? f.getReason() : null;
    return reason == null ? e.toString() : reason;
  }
}
