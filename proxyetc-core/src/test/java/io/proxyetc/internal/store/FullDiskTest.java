package io.proxyetc.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyException;
import io.proxyetc.testkit.Peers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk is full: a file system of 64 KiB, which only root can mount. */
class FullDiskTest {
  @TempDir private Path directory;
  private Path disk;

  @BeforeEach
  void mount() throws IOException, InterruptedException {
    disk = Files.createDirectory(directory.resolve("disk"));
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "only root can mount a small file system");
    Path mount = Peers.require("mount");
    boolean mounted =
        run(mount.toString(), "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString());
    if (!Boolean.getBoolean("proxyetc.requirePeers")) {
      Assumptions.assumeTrue(mounted, "this system does not let root mount a file system");
    }
    assertTrue(mounted, "cannot mount a small file system at " + disk);
  }

  @AfterEach
  void unmount() throws IOException, InterruptedException {
    run("umount", disk.toString());
  }

  @Test
  void aChangeThatDoesNotFitIsRefusedAndTheFileStaysGood() throws IOException {
    Path file = disk.resolve("routes.json");
    try (FileRig rig = new FileRig(file)) {
      rig.put("a", "http://one");
      String before = rig.text();
      fill();
      ProxyException fault = assertThrows(ProxyException.class, () -> rig.put("b", "http://two"));
      assertTrue(
          fault.getMessage().contains("the change was not made: ")
              && fault.getMessage().contains("No space left on device"),
          fault.getMessage());
      assertEquals(before, rig.text());
      assertEquals("", rig.target("b"));
      assertFalse(rig.names().contains("routes.json.tmp"));

      Files.delete(disk.resolve("filler"));
      rig.put("b", "http://two");
      assertEquals("http://two:80", rig.target("b"));
      fill();
    }
    try (FileRig rig = new FileRig(file)) { // and it starts on a full disk
      assertEquals("http://two:80", rig.target("b"));
    }
  }

  private void fill() throws IOException {
    Path filler = disk.resolve("filler");
    try (var out = Files.newOutputStream(filler)) {
      byte[] page = new byte[4096];
      while (true) {
        out.write(page);
      }
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("No space left"), String.valueOf(e));
    }
  }

  private static boolean run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
