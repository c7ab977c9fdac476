package io.proxyetc.internal.store;

import io.proxyetc.ProxyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second proxy from the same file: a lock file beside it, which the system unlocks when the
 * process dies. The lock file itself stays: to remove it would let two processes lock two of them.
 */
final class StoreLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreLock.class);

  /** Behind the owner's number, which may then be read where locks are mandatory (Windows). */
  private static final long LOCKED_BYTE = 1000;

  private final FileChannel channel;

  private StoreLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Locks a file.
   *
   * @return empty where the directory cannot be written to: the store can then only be read
   * @throws ProxyException if somebody else has the lock
   */
  static Optional<StoreLock> take(Path file) {
    Path lockFile = file.resolveSibling(file.getFileName() + ".lock");
    FileChannel channel;
    try {
      Set<StandardOpenOption> options =
          Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      channel = FileChannel.open(lockFile, options, FilePermissions.ownerOnly(lockFile));
    } catch (IOException e) {
      LOG.warn(
          "file store {}: no lock file beside it ({}): the routes can be read but not changed",
          file,
          Reasons.of(e));
      return Optional.empty();
    }
    try {
      @Nullable FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      if (lock != null) {
        channel.truncate(0);
        channel.write(
            ByteBuffer.wrap(
                ("" + ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        return Optional.of(new StoreLock(channel));
      }
    } catch (OverlappingFileLockException e) {
      // this process has it: reported below
    } catch (IOException e) {
      LOG.warn(
          "file store {}: cannot be locked ({}); give it to one proxy only", file, Reasons.of(e));
      return Optional.of(new StoreLock(channel));
    }
    closeQuietly(channel);
    throw new ProxyException(
        "file store "
            + file
            + ": a proxy"
            + owner(lockFile)
            + " keeps its routes in this file already; stop it, or give this one a file of its own");
  }

  private static String owner(Path lockFile) {
    try {
      String pid = Files.readString(lockFile, StandardCharsets.US_ASCII).strip();
      return pid.matches("[0-9]+") ? " (process " + pid + ")" : "";
    } catch (IOException e) {
      return "";
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("a lock file could not be closed", e);
    }
  }

  @Override
  public void close() {
    closeQuietly(channel);
  }
}
