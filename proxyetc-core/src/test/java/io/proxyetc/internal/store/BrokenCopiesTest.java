package io.proxyetc.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokenCopiesTest {
  @TempDir private Path directory;

  @Test
  void theSameTextIsKeptOnceAndTheOldestGoesFirst() throws IOException {
    BrokenCopies copies = new BrokenCopies(directory.resolve("r.json"), FileBound.ofThisJvm());
    for (int i = 0; i < 30; i++) {
      Path kept = copies.keep(text(i));
      assertEquals(kept, copies.keep(text(i)));
      Files.setLastModifiedTime(kept, FileTime.fromMillis(1_000_000 + i * 1000));
    }
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(BrokenCopies.KEPT, files.count());
    }
    for (int i = 30 - BrokenCopies.KEPT; i < 30; i++) {
      String wanted = "text " + i;
      try (Stream<Path> files = Files.list(directory)) {
        assertTrue(files.anyMatch(f -> FileRig.read(f).equals(wanted)), wanted);
      }
    }
  }

  private static byte[] text(int i) {
    return ("text " + i).getBytes(StandardCharsets.UTF_8);
  }
}
