package io.proxyetc.internal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may read and write a file, where the file system knows POSIX permissions. */
final class FilePermissions {
  private FilePermissions() {}

  static boolean posix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** For a new file: its owner may read and write it, nobody else. */
  static FileAttribute<?>[] ownerOnly(Path file) {
    Set<PosixFilePermission> rw =
        EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    return posix(file)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(rw)}
        : new FileAttribute<?>[0];
  }

  /** Gives a file the owner and the permissions of another, as far as it exists and we may. */
  static void copy(Path from, Path to) throws IOException {
    if (!posix(from) || !Files.exists(from)) {
      return;
    }
    PosixFileAttributes wanted = Files.readAttributes(from, PosixFileAttributes.class);
    @Nullable PosixFileAttributeView view =
        Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    try {
      PosixFileAttributes has = view.readAttributes();
      if (!has.group().equals(wanted.group())) {
        view.setGroup(wanted.group());
      }
      if (!has.owner().equals(wanted.owner())) {
        view.setOwner(wanted.owner());
      }
    } catch (IOException e) {
      // only root may give files away: the file is ours then, with the same permissions
    }
    view.setPermissions(wanted.permissions());
  }
}
