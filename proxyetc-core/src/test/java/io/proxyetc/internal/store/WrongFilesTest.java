package io.proxyetc.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyException;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Peers;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Something that is no file of routes comes to stand in its place. */
class WrongFilesTest {
  private static final FileBound SMALL = new FileBound(10_000, 100);

  @TempDir private Path directory;
  private FileRig rig;
  private String good;

  @BeforeEach
  void start() {
    rig = new FileRig(directory.resolve("routes.json"), SMALL);
    rig.put("a", "http://one");
    good = rig.text();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void aPipeInTheFilesPlaceDoesNotStopTheStore() throws Exception {
    Files.delete(rig.file);
    pipe(rig.file);
    assertWrong("is a pipe or a device");
    laterEditsAreSeen();
  }

  @Test
  void aLinkToADeviceWithoutEndDoesNotFillTheMemory() throws IOException {
    Path zero = Path.of("/dev/zero");
    Assumptions.assumeTrue(Files.exists(zero));
    Files.delete(rig.file);
    Files.createSymbolicLink(rig.file, zero);
    assertWrong("is a pipe or a device");
    laterEditsAreSeen();
  }

  @Test
  void aDirectoryInTheFilesPlaceIsNamed() throws IOException {
    Files.delete(rig.file);
    Files.createDirectory(rig.file);
    assertWrong("is a directory");
    laterEditsAreSeen();
  }

  @Test
  void aFileOfGigabytesIsNotReadAndNotRemoved() throws IOException {
    try (RandomAccessFile huge = new RandomAccessFile(rig.file.toFile(), "rw")) {
      huge.setLength(3L << 30);
    }
    assertWrong("is larger than the 10,000 bytes");
    ProxyException refused =
        assertThrows(ProxyException.class, () -> rig.put("b", "http://two"), "it may be precious");
    assertTrue(refused.getMessage().contains("the change was not made"), refused.getMessage());
    assertEquals(3L << 30, Files.size(rig.file));
    laterEditsAreSeen();
  }

  @Test
  void aFileOfMoreRoutesThanTheHeapHoldsIsNotRead() throws IOException {
    rig.edit("{\"routes\": [" + "\"\",".repeat(101) + "\"\"]}");
    assertWrong("holds 103 texts in quotes");
    laterEditsAreSeen();
  }

  @Test
  void aChangeThatCouldNotBeReadAgainIsRefused() {
    for (int i = 0; i < 10; i++) {
      rig.put("route-" + i, "http://one"); // eight texts each
    }
    ProxyException refused =
        assertThrows(ProxyException.class, () -> rig.put("one-more", "http://one"));
    assertTrue(refused.getMessage().contains("more memory (-Xmx)"), refused.getMessage());
    assertEquals("", rig.target("one-more"));
    rig.close();
    try (FileRig again = new FileRig(rig.file, SMALL)) {
      assertEquals(11, again.heard.last().routes().size());
    }
  }

  @Test
  void aLinkInCirclesIsToldAndLaterEditsAreSeen() throws IOException {
    Files.delete(rig.file);
    Files.createSymbolicLink(rig.file, rig.file.getFileName());
    rig.heard.awaitInvalid();
    laterEditsAreSeen();
  }

  @Test
  void aWrongFileAtTheStartLeavesTheLastGoodRoutes() throws Exception {
    rig.close();
    Files.delete(rig.file);
    pipe(rig.file);
    rig = new FileRig(rig.file, SMALL);
    assertWrong("is a pipe or a device");
    laterEditsAreSeen();
  }

  @Test
  void aFileThatGrowsWhileItIsReadIsReadToItsBoundOnly() throws IOException {
    Path growing = Path.of("/proc/self/smaps"); // says that it is empty, and is not
    Assumptions.assumeTrue(Files.exists(growing));
    DiskFile within = new DiskFile(growing, new FileBound(1 << 30, 1));
    String all = new String(within.read().orElseThrow().bytes(), StandardCharsets.ISO_8859_1);
    assertTrue(all.contains("\nVmFlags:"), all);

    DiskFile beyond = new DiskFile(growing, new FileBound(100, 1));
    assertThrows(UnusableFile.class, beyond::read);
  }

  @Test
  void aListenerThatFailsBadlyDoesNotEndTheStore() {
    Path file = directory.resolve("other.json");
    AtomicReference<RouteSnapshot> last = new AtomicReference<>();
    FileRouteStore store = new FileRouteStore(file);
    try {
      store.start(
          new RouteStore.StoreListener() {
            @Override
            public void onSnapshot(RouteSnapshot snapshot) {
              last.set(snapshot);
              if (snapshot.routes().containsKey("fatal")) {
                throw new StackOverflowError("a route too many");
              }
            }

            @Override
            public void onState(RouteStore.State state, String detail) {}
          });
      Await.until("the first snapshot", () -> last.get() != null);
      FileRig.write(file, FileRig.file(FileRig.line("fatal", "http://one")));
      Await.until("the edit", () -> last.get().routes().containsKey("fatal"));
      FileRig.write(file, FileRig.file(FileRig.line("b", "http://one")));
      Await.until("the next edit", () -> last.get().routes().keySet().equals(Set.of("b")));
    } finally {
      store.close();
    }
  }

  private void assertWrong(String fault) {
    String message = rig.heard.awaitInvalid().get("file routes.json");
    assertTrue(message != null && message.contains(fault), message);
    assertEquals("http://one:80", rig.target("a"));
  }

  private void laterEditsAreSeen() throws IOException {
    Files.delete(rig.file);
    rig.edit(good.replace("http://one", "http://two"));
    Await.until("the good edit", () -> rig.target("a").equals("http://two:80"));
    Await.until("all is well", () -> rig.heard.last().invalid().isEmpty());
    rig.put("b", "http://three");
    assertFalse(rig.text().isEmpty());
  }

  private static void pipe(Path path) throws Exception {
    Path mkfifo = Peers.require("mkfifo");
    assertEquals(0, new ProcessBuilder(mkfifo.toString(), path.toString()).start().waitFor());
  }
}
