package io.proxyetc.internal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file that is read as a whole and replaced as a whole: whoever opens it sees the old content or
 * the new one, also after a power cut. Blocks. For one thread.
 */
final class DiskFile {
  private final Path path;

  DiskFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  /**
   * What tells one version of a file from another without reading it.
   *
   * @param key the inode, where there is such a thing
   */
  record Stamp(long size, FileTime modified, @Nullable Object key) {}

  /** What was read, and the stamp that it had before. */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares it
  record Content(byte[] bytes, Stamp stamp) {}

  Path path() {
    return path;
  }

  String name() {
    return String.valueOf(path.getFileName());
  }

  /** The stamp; empty where there is no file. Follows links. */
  Optional<Stamp> stamp() throws IOException {
    try {
      return Optional.of(stampOf(path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The content; empty where there is no file. */
  Optional<Content> read() throws IOException {
    try {
      Stamp stamp = stampOf(path);
      return Optional.of(new Content(Files.readAllBytes(path), stamp));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Replaces the content, and forces it to the disk. Keeps owner and permissions; a new file is for
   * its owner only, because routes may hold secrets in header rules. A link stays a link.
   *
   * @param expected the stamp that the file must still have (empty: it must be absent)
   * @return the new stamp; empty, with nothing changed, if the file had another one
   */
  Optional<Stamp> replace(byte[] content, Optional<Stamp> expected) throws IOException {
    Path file = real();
    Path temporary = temporary();
    try {
      Files.deleteIfExists(temporary);
      write(temporary, content);
      FilePermissions.copy(file, temporary);
      Stamp written = stampOf(temporary);
      if (!stamp().equals(expected)) {
        Files.deleteIfExists(temporary);
        return Optional.empty();
      }
      move(temporary, file);
      syncDirectory(file);
      return Optional.of(written);
    } catch (IOException | RuntimeException e) {
      deleteQuietly(temporary);
      throw e;
    }
  }

  /** Replaces the content whatever it was. */
  void replace(byte[] content) throws IOException {
    if (replace(content, stamp()).isEmpty()) {
      throw new FileSystemException(path.toString(), null, "somebody else writes this file");
    }
  }

  /** Removes what a process that was killed has left. */
  void deleteLeftovers() {
    try {
      deleteQuietly(temporary());
    } catch (IOException e) {
      // then there is no such directory, which the next step reports better
    }
  }

  /** The file itself, where the path is a link. */
  Path real() throws IOException {
    Path file = path;
    for (int links = 0; Files.isSymbolicLink(file); links++) {
      if (links == 40) {
        throw new FileSystemException(path.toString(), null, "too many links");
      }
      file = file.resolveSibling(Files.readSymbolicLink(file)).toAbsolutePath();
    }
    @Nullable Path directory = file.getParent();
    return directory == null ? file : directory.toRealPath().resolve(file.getFileName());
  }

  private Path temporary() throws IOException {
    Path file = real();
    return file.resolveSibling(file.getFileName() + ".tmp");
  }

  private static Stamp stampOf(Path file) throws IOException {
    BasicFileAttributes a = Files.readAttributes(file, BasicFileAttributes.class);
    if (a.isDirectory()) {
      throw new FileSystemException(file.toString(), null, "is a directory, not a file");
    }
    return new Stamp(a.size(), a.lastModifiedTime(), a.fileKey());
  }

  private static void write(Path file, byte[] content) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options, FilePermissions.ownerOnly(file))) {
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (String.valueOf(e.getReason()).toLowerCase(Locale.ROOT).contains("busy")) {
        throw new FileSystemException(
            to.toString(),
            null,
            "cannot be replaced because it is mounted as a single file: mount its directory instead");
      }
      throw e;
    }
  }

  /** Makes the new name survive a power cut; Windows has no such call and needs none. */
  private static void syncDirectory(Path file) throws IOException {
    @Nullable Path directory = file.getParent();
    if (directory == null || !FilePermissions.posix(directory)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      // it is made anew the next time
    }
  }
}
