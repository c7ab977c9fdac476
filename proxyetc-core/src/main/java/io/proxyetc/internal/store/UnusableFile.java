package io.proxyetc.internal.store;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** What stands in a file's place is nothing that could be read: a pipe, a device, far too much. */
final class UnusableFile extends FileSystemException {
  private static final long serialVersionUID = 1L;

  UnusableFile(Path file, String reason) {
    super(file.toString(), null, reason);
  }
}
