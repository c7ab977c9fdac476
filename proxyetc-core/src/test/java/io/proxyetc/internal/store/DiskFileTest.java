package io.proxyetc.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskFileTest {
  @TempDir private Path directory;
  private Path path;
  private DiskFile file;

  @BeforeEach
  void place() {
    path = directory.resolve("r.json");
    file = new DiskFile(path, FileBound.ofThisJvm());
  }

  @Test
  void whatSomebodyElseWroteMeanwhileIsNotReplaced() throws IOException {
    Optional<DiskFile.Stamp> mine = file.replace(bytes("mine"), Optional.empty());
    assertTrue(mine.isPresent());
    FileRig.write(path, "theirs");

    assertEquals(Optional.empty(), file.replace(bytes("mine again"), mine));
    assertEquals(Optional.empty(), file.replace(bytes("mine again"), Optional.empty()));
    assertEquals("theirs", FileRig.read(path));
    assertEquals(1, files());
  }

  @Test
  void theStampOfAReplacementIsThatOfTheFile() throws IOException {
    Optional<DiskFile.Stamp> first = file.replace(bytes("one"), Optional.empty());
    assertEquals(first, file.stamp());
    Optional<DiskFile.Stamp> second = file.replace(bytes("two"), first);
    assertEquals(second, file.stamp());
    assertEquals("two", FileRig.read(path));
  }

  @Test
  void whoReadsSeesTheOldTextOrTheNewOne() throws IOException, InterruptedException {
    String one = "1".repeat(300_000);
    String two = "2".repeat(300_000);
    file.replace(out -> out.write(bytes(one)));
    Thread writer =
        new Thread(
            () -> {
              try {
                for (int i = 0; i < 50; i++) {
                  byte[] next = bytes(i % 2 == 0 ? two : one);
                  file.replace(out -> out.write(next));
                }
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    writer.start();
    while (writer.isAlive()) {
      String text = FileRig.read(path);
      assertTrue(text.equals(one) || text.equals(two), "a torn text");
    }
    writer.join();
  }

  @Test
  void aLinkToNothingIsFollowed() throws IOException {
    Files.createSymbolicLink(path, directory.resolve("real.json"));
    file.replace(out -> out.write(bytes("text")));
    assertTrue(Files.isSymbolicLink(path));
    assertEquals("text", FileRig.read(directory.resolve("real.json")));
  }

  @Test
  void aRingOfLinksIsAFault() throws IOException {
    Path other = directory.resolve("other");
    Files.createSymbolicLink(path, other);
    Files.createSymbolicLink(other, path);
    FileSystemException fault =
        assertThrows(
            FileSystemException.class, () -> file.replace(out -> out.write(bytes("text"))));
    assertTrue(Reasons.of(fault).contains("links"), Reasons.of(fault));
  }

  private long files() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.count();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
