package io.proxyetc.internal.tls;

import io.proxyetc.ProxyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Files that together make one value, and what they last made that was good. Polled, since watching
 * is slow or missing on some systems and on network file systems.
 *
 * <p>A fault is reported only when it is there again at the next poll with the files untouched: two
 * files are never replaced in one instant.
 *
 * @param <T> what the files make; its equals tells whether something really changed
 */
final class WatchedFiles<T> {
  private record Stamp(FileTime modified, long size, Optional<Object> inode) {
    static Optional<Stamp> of(Path file) {
      try {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        return Optional.of(
            new Stamp(
                found.lastModifiedTime(), found.size(), Optional.ofNullable(found.fileKey())));
      } catch (IOException e) {
        return Optional.empty();
      }
    }
  }

  private final List<Path> files;
  private final Supplier<T> reader;
  private final Function<T, Optional<String>> objection;
  private List<Optional<Stamp>> good;
  private T value;
  private @Nullable List<Optional<Stamp>> suspect;
  private @Nullable String reported;

  /**
   * Reads them for the first time, without asking for objections.
   *
   * @param reader throws {@link ProxyException} where they cannot be used
   * @param objection against a value that could be read
   */
  WatchedFiles(List<Path> files, Supplier<T> reader, Function<T, Optional<String>> objection) {
    this.files = files;
    this.reader = reader;
    this.objection = objection;
    this.good = stamps();
    this.value = reader.get();
  }

  /** The first file. */
  String name() {
    return files.get(0).toString();
  }

  T value() {
    return value;
  }

  /**
   * Looks at the files, and reads them where they changed.
   *
   * @param refused hears once of each fault
   * @return whether the value is another one now
   */
  boolean poll(Consumer<String> refused) {
    List<Optional<Stamp>> now = stamps();
    if (now.equals(good)) {
      reported = null;
      suspect = null;
      return false;
    }
    T next;
    try {
      next = reader.get();
    } catch (ProxyException e) {
      refuse(now, String.valueOf(e.getMessage()), refused);
      return false;
    } catch (RuntimeException e) { // or the files after this one would never be looked at
      refuse(now, name() + ": cannot be read (" + e + "): write it anew from its source", refused);
      return false;
    }
    Optional<String> objected = objection.apply(next);
    if (objected.isPresent()) {
      refuse(now, objected.get(), refused);
      return false;
    }
    if (!stamps().equals(now)) {
      return false; // it is being written: next time
    }
    boolean changed = !next.equals(value);
    good = now;
    value = next;
    reported = null;
    suspect = null;
    return changed;
  }

  private void refuse(List<Optional<Stamp>> now, String fault, Consumer<String> refused) {
    if (now.equals(suspect) && !fault.equals(reported)) {
      reported = fault;
      refused.accept(fault);
    }
    suspect = now;
  }

  private List<Optional<Stamp>> stamps() {
    return files.stream().map(Stamp::of).toList();
  }
}
