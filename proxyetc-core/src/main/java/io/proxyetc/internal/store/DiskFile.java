package io.proxyetc.internal.store;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
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
  private final FileBound bound;

  DiskFile(Path path, FileBound bound) {
    this.path = path.toAbsolutePath();
    this.bound = bound;
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

  /** Writes a content. */
  @FunctionalInterface
  interface Writing {
    void to(OutputStream out) throws IOException;
  }

  Path path() {
    return path;
  }

  String name() {
    return String.valueOf(path.getFileName());
  }

  /**
   * The stamp; empty where there is no file. Follows links.
   *
   * @throws UnusableFile if something else stands there
   */
  Optional<Stamp> stamp() throws IOException {
    try {
      return Optional.of(stampOf(path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * The content; empty where there is no file.
   *
   * @throws UnusableFile if it is too large, or if something else stands there
   */
  Optional<Content> read() throws IOException {
    try {
      Stamp stamp = stampOf(path);
      refuse(bound.excess(stamp.size()));
      try (InputStream in = Files.newInputStream(path)) {
        return Optional.of(new Content(read(in, (int) stamp.size()), stamp));
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Reads all, also of a file that has grown since it was looked at; not more than the bound. */
  private byte[] read(InputStream in, int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    byte[] more = bytes.length < size ? new byte[0] : in.readNBytes(1);
    if (more.length == 0) {
      return bytes;
    }
    byte[] rest = in.readNBytes((int) bound.bytes() - size);
    refuse(bound.excess((long) size + 1 + rest.length));
    byte[] all = Arrays.copyOf(bytes, size + 1 + rest.length);
    all[size] = more[0];
    System.arraycopy(rest, 0, all, size + 1, rest.length);
    return all;
  }

  /** The first bytes, at most so many; none where there is no file. */
  byte[] start(int length) throws IOException {
    if (stamp().isEmpty()) {
      return new byte[0];
    }
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(length);
    }
  }

  private void refuse(Optional<String> fault) throws UnusableFile {
    if (fault.isPresent()) {
      throw new UnusableFile(path, fault.get());
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
    return replace(out -> out.write(content), expected);
  }

  private Optional<Stamp> replace(Writing content, Optional<Stamp> expected) throws IOException {
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
  void replace(Writing content) throws IOException {
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
      throw new UnusableFile(file, "is a directory, but a file is expected: move it away");
    }
    if (!a.isRegularFile()) { // to open a pipe would wait for whoever writes into it
      throw new UnusableFile(file, "is a pipe or a device, but a file is expected: move it away");
    }
    return new Stamp(a.size(), a.lastModifiedTime(), a.fileKey());
  }

  private static void write(Path file, Writing content) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (FileChannel channel = FileChannel.open(file, options, FilePermissions.ownerOnly(file))) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      content.to(out);
      out.flush();
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
