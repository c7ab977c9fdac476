package io.proxyetc.internal.http.respond;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where lines go: a file that may be moved away at any time, or standard output. For one thread.
 */
final class LogFile {
  private final Optional<Path> path;
  private final OutputStream standardOutput;
  private @Nullable FileChannel channel;
  private @Nullable Object inode;

  LogFile(Optional<Path> path) {
    this.path = path;
    // Not a channel: an interrupt would close the output of the whole process.
    this.standardOutput = new FileOutputStream(FileDescriptor.out);
  }

  /** Where the lines go, for people. */
  String name() {
    return path.map(Path::toString).orElse("standard output");
  }

  /** Opens the file, and makes it where it is missing. */
  void open() throws IOException {
    close();
    if (path.isPresent()) {
      channel = open(path.get());
      inode = inode(path.get());
    }
  }

  /** A named pipe that nobody reads would block an open for writing alone, beyond any interrupt. */
  private static FileChannel open(Path file) throws IOException {
    return Files.exists(file) && !Files.isRegularFile(file)
        ? FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)
        : FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Opens it again where another file, or none, has its name now. */
  void reopenIfMoved() throws IOException {
    if (path.isPresent() && (channel == null || !same(inode, inode(path.get())))) {
      open();
    }
  }

  /**
   * Writes all. May block as long as the disk pleases; an interrupt ends it and closes the file.
   */
  void write(ByteBuffer bytes) throws IOException {
    if (path.isEmpty()) {
      standardOutput.write(
          bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
      bytes.position(bytes.limit());
      return;
    }
    FileChannel to = channel;
    if (to == null) {
      throw new IOException("it is not open");
    }
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  void close() {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // What could not be written is lost either way.
      }
    }
  }

  private static boolean same(@Nullable Object one, @Nullable Object other) {
    return one != null && one.equals(other);
  }

  /** Tells files apart: the inode, or true where there is none such; null: there is no file. */
  private static @Nullable Object inode(Path file) {
    try {
      Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
      return key == null ? Boolean.TRUE : key;
    } catch (IOException e) {
      return null;
    }
  }
}
