package io.proxyetc.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyException;
import io.proxyetc.RouteJson;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.StoreRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a file store finds when it starts. */
class FileOpeningTest {
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void place() {
    file = directory.resolve("routes.json");
  }

  @Test
  void aFileThatIsNotThereIsMade() {
    try (FileRig rig = new FileRig(file)) {
      assertEquals(Map.of(), rig.heard.last().routes());
      assertEquals(List.of(), RouteJson.parseFile(rig.text()).routes());
    }
  }

  @Test
  void anEmptyFileIsAStoreWithoutRoutes() {
    FileRig.write(file, "\n");
    try (FileRig rig = new FileRig(file)) {
      rig.put("a", "http://one");
      assertEquals(1, RouteJson.parseFile(rig.text()).routes().size());
    }
  }

  @Test
  void aFileWrittenByHandIsEnough() {
    FileRig.write(file, "[" + FileRig.line("a", "http://one") + "]");
    try (FileRig rig = new FileRig(file)) {
      assertEquals("http://one:80", rig.target("a"));
      assertEquals(1, rig.revision("a"));
      assertEquals("[" + FileRig.line("a", "http://one") + "]", rig.text());
    }
    try (FileRig rig = new FileRig(file)) {
      assertEquals(1, rig.revision("a"), "nothing has changed since");
    }
  }

  @Test
  void anEditWhileNobodyRanRaisesWhatItChanged() {
    long a = prepare("a", "b");
    FileRig.write(file, FileRig.read(file).replaceAll("http://b", "http://edited"));
    try (FileRig rig = new FileRig(file)) {
      assertEquals("http://edited:80", rig.target("b"));
      assertTrue(rig.revision("b") > a + 1);
      assertEquals(a, rig.revision("a"));
    }
  }

  @Test
  void revisionsDoNotFallBackAfterAnEditThatWasNotWrittenBack() {
    prepare("a");
    long revision;
    try (FileRig rig = new FileRig(file)) {
      rig.edit(FileRig.file(FileRig.line("a", "http://edited")));
      Await.until("the edit", () -> rig.target("a").equals("http://edited:80"));
      revision = rig.revision("a");
    }
    try (FileRig rig = new FileRig(file)) {
      assertEquals(revision, rig.revision("a"));
      assertEquals(revision, rig.heard.awaitFirst().revision());
    }
  }

  @Test
  void aFileThatWasBrokenWhileNobodyRanIsPutAsideAndTheLastGoodRoutesServe() {
    prepare("a");
    String broken = FileRig.read(file).substring(0, 40);
    FileRig.write(file, broken);
    try (FileRig rig = new FileRig(file)) {
      assertEquals("http://a:80", rig.target("a"));
      String message = rig.heard.awaitInvalid().get("file routes.json");
      assertTrue(message.contains("line "), message);
      assertEquals(broken, rig.text(), "the file is left to whoever wants to mend it");
      assertEquals(broken, FileRig.read(rig.beside(".broken-1")));
    }
    try (FileRig rig = new FileRig(file)) {
      assertFalse(rig.names().contains("routes.json.broken-2"), "it is put aside once");
      rig.edit(FileRig.file(FileRig.line("a", "http://mended")));
      Await.until("the mended file", () -> rig.target("a").equals("http://mended:80"));
      assertEquals(Map.of(), rig.heard.last().invalid());
    }
  }

  @Test
  void aChangeReplacesAFileThatWasBrokenWhileNobodyRan() {
    prepare("a");
    FileRig.write(file, "rubbish");
    try (FileRig rig = new FileRig(file)) {
      rig.put("b", "http://b");
      assertEquals(Map.of(), rig.heard.last().invalid());
      assertEquals(2, RouteJson.parseFile(rig.text()).routes().size());
      assertEquals("rubbish", FileRig.read(rig.beside(".broken-1")));
    }
  }

  @Test
  void aRouteThatWasBrokenWhileNobodyRanKeepsItsLastGoodVersion() {
    prepare("a", "b");
    FileRig.write(file, FileRig.read(file).replaceAll("http://b", "htp://b"));
    try (FileRig rig = new FileRig(file)) {
      assertEquals(Set.of("b"), rig.heard.awaitInvalid().keySet());
      assertEquals("http://b:80", rig.target("b"));
      assertEquals("http://a:80", rig.target("a"));
    }
  }

  @Test
  void aFileThatIsGoneIsMadeAnewFromTheLastGoodRoutes() throws IOException {
    long revision = prepare("a");
    Files.delete(file);
    try (FileRig rig = new FileRig(file)) {
      assertEquals("http://a:80", rig.target("a"));
      assertEquals(revision, rig.revision("a"));
      assertEquals(1, RouteJson.parseFile(rig.text()).routes().size());
    }
  }

  @Test
  void whatAKilledWriterLeftIsRemoved() {
    prepare("a");
    Path torn = directory.resolve("routes.json.tmp");
    FileRig.write(torn, "{\"revision\": 9, \"rou");
    try (FileRig rig = new FileRig(file)) {
      assertEquals("http://a:80", rig.target("a"));
      assertFalse(Files.exists(torn));
    }
  }

  @Test
  void withoutAnyGoodStateItSaysWhatIsWrongAndDoesNotStart() {
    FileRig.write(file, "{\n  \"routes\": [}\n");
    FileRouteStore store = new FileRouteStore(file);
    ProxyException fault =
        assertThrows(ProxyException.class, () -> store.start(new StoreRecorder()));
    assertTrue(
        fault.getMessage().contains("line 2, column 14: a value is missing"), fault.getMessage());
    assertTrue(fault.getMessage().contains("mend the file"), fault.getMessage());

    FileRig.write(file, "[]");
    new FileRig(file).close(); // the lock was given back
  }

  @Test
  void aCopyThatIsBrokenTooIsNotNeededWhereTheFileIsGood() {
    long revision = prepare("a");
    FileRig.write(directory.resolve("routes.json.last-good"), "rubbish");
    try (FileRig rig = new FileRig(file)) {
      assertEquals(revision, rig.revision("a"));
    }
  }

  @Test
  void aTextThatIsNotUtf8IsBroken() throws IOException {
    Files.write(file, new byte[] {'[', '\n', (byte) 0xe4, ']'});
    FileRouteStore store = new FileRouteStore(file);
    ProxyException fault =
        assertThrows(ProxyException.class, () -> store.start(new StoreRecorder()));
    assertTrue(fault.getMessage().contains("line 2: byte 2 is not UTF-8"), fault.getMessage());
  }

  @Test
  void aDirectoryIsNoFile() throws IOException {
    FileRouteStore store = new FileRouteStore(Files.createDirectory(file));
    ProxyException fault =
        assertThrows(ProxyException.class, () -> store.start(new StoreRecorder()));
    assertTrue(fault.getMessage().contains("is a directory"), fault.getMessage());
  }

  @Test
  void theDirectoryMustBeThere() {
    FileRouteStore store = new FileRouteStore(directory.resolve("none/routes.json"));
    ProxyException fault =
        assertThrows(ProxyException.class, () -> store.start(new StoreRecorder()));
    assertTrue(
        fault.getMessage().contains("there is no such file or directory"), fault.getMessage());
  }

  @Test
  void aSecondStoreOnTheSameFileIsRefused() {
    try (FileRig rig = new FileRig(file)) {
      rig.put("a", "http://one");
      FileRouteStore second = new FileRouteStore(file);
      ProxyException fault =
          assertThrows(ProxyException.class, () -> second.start(new StoreRecorder()));
      assertTrue(
          fault
              .getMessage()
              .contains("a proxy (process " + ProcessHandle.current().pid() + ") keeps"),
          fault.getMessage());
      assertTrue(fault.getMessage().endsWith("or give this one a file of its own"));
    }
    new FileRig(file).close();
  }

  @Test
  void aLinkStaysALinkAndPermissionsStay() throws IOException {
    Assumptions.assumeTrue(FilePermissions.posix(directory), "no POSIX permissions here");
    Path real = Files.createDirectory(directory.resolve("real")).resolve("r.json");
    FileRig.write(real, "[]");
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-rw-r--"));
    Files.createSymbolicLink(file, Path.of("real", "r.json"));
    try (FileRig rig = new FileRig(file)) {
      rig.put("a", "http://one");
      assertTrue(Files.isSymbolicLink(file));
      assertEquals(1, RouteJson.parseFile(FileRig.read(real)).routes().size());
      assertEquals("rw-rw-r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(real)));
      assertEquals(List.of("real", "routes.json"), rig.names());
    }
  }

  @Test
  void aNewFileIsForItsOwnerOnly() throws IOException {
    Assumptions.assumeTrue(FilePermissions.posix(directory), "no POSIX permissions here");
    try (FileRig rig = new FileRig(file)) {
      rig.put("a", "http://one");
    }
    for (String name : List.of("routes.json", "routes.json.last-good", "routes.json.lock")) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))),
          name);
    }
  }

  /** Leaves a closed store with routes to {@code http://<id>}; gives the first one's revision. */
  private long prepare(String... ids) {
    try (FileRig rig = new FileRig(file)) {
      for (String id : ids) {
        rig.put(id, "http://" + id);
      }
      return rig.revision(ids[0]);
    }
  }
}
