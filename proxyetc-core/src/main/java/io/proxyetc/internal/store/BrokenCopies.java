package io.proxyetc.internal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;

/**
 * Keeps texts that could not be read, as {@code <file>.broken-1} and so on, before something else
 * takes their place. The oldest goes when there are more than {@value #KEPT}.
 */
final class BrokenCopies {
  static final int KEPT = 9;

  private final Path file;
  private final FileBound bound;

  BrokenCopies(Path file, FileBound bound) {
    this.file = file;
    this.bound = bound;
  }

  /** Keeps a text, unless one of the copies holds it already; gives the copy's path. */
  Path keep(byte[] text) throws IOException {
    Path oldest = copy(1);
    FileTime oldestTime = FileTime.fromMillis(Long.MAX_VALUE);
    for (int i = 1; i <= KEPT; i++) {
      Path copy = copy(i);
      if (!Files.exists(copy)) {
        return write(copy, text);
      }
      if (Files.size(copy) == text.length
          && Arrays.equals(new DiskFile(copy, bound).start(text.length), text)) {
        return copy;
      }
      FileTime time = Files.getLastModifiedTime(copy);
      if (time.compareTo(oldestTime) < 0) {
        oldest = copy;
        oldestTime = time;
      }
    }
    return write(oldest, text);
  }

  private Path copy(int number) {
    return file.resolveSibling(file.getFileName() + ".broken-" + number);
  }

  private Path write(Path copy, byte[] text) throws IOException {
    new DiskFile(copy, bound).replace(out -> out.write(text));
    return copy;
  }
}
