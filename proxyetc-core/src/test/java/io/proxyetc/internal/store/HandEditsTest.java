package io.proxyetc.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.RouteFile;
import io.proxyetc.RouteJson;
import io.proxyetc.spi.RouteChange.Edit;
import io.proxyetc.testkit.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody edits the file while the store runs. */
class HandEditsTest {
  @TempDir private Path directory;
  private FileRig rig;

  @BeforeEach
  void start() {
    rig = new FileRig(directory.resolve("routes.json"));
    rig.put("a", "http://one");
    rig.put("b", "http://one");
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  @Test
  void anEditIsLiveAndRaisesTheRevisionsOfWhatItChanged() {
    long a = rig.revision("a");
    long b = rig.revision("b");
    rig.replace(FileRig.file(FileRig.line("a", "http://one"), FileRig.line("b", "http://two")));
    Await.until("the edit", () -> rig.target("b").equals("http://two:80"));

    assertEquals(a, rig.revision("a"));
    assertTrue(rig.revision("b") > b);
    assertEquals(Set.of("b"), rig.heard.last().changed());
  }

  @Test
  void aRouteThatIsRemovedByHandIsGone() {
    rig.edit("[" + FileRig.line("a", "http://one") + "]");
    Await.until("the edit", () -> rig.target("b").isEmpty());
    assertEquals("http://one:80", rig.target("a"));
  }

  @Test
  void anEditIsNotWrittenBack() {
    String text = FileRig.file(FileRig.line("a", "http://edited"));
    rig.edit(text);
    Await.until("the edit", () -> rig.target("a").equals("http://edited:80"));
    assertEquals(text, rig.text());
  }

  @Test
  void anotherLayoutOfTheSameRoutesChangesNothing() {
    int told = rig.heard.snapshots().size();
    rig.edit(FileRig.file(FileRig.line("b", "http://one"), FileRig.line("a", "http://one")));
    rig.put("c", "http://one");

    assertEquals(told + 1, rig.heard.snapshots().size());
    RouteFile file = RouteJson.parseFile(rig.text());
    assertEquals("b", file.routes().get(0).id(), "the order of the hand is kept");
  }

  @Test
  void anEditThatLeavesSizeAndTimeAsTheyWereIsSeen() throws IOException {
    FileTime time = Files.getLastModifiedTime(rig.file);
    rig.edit(rig.text().replaceFirst("http://one", "http://two"));
    Files.setLastModifiedTime(rig.file, time);
    Await.until("the edit", () -> rig.target("a").equals("http://two:80"));
  }

  @Test
  void aBrokenEditKeepsTheLastGoodRoutesAndIsNamedWithItsPlace() {
    String good = rig.text();
    rig.edit(good.replaceFirst("\"id\": \"b\",", "\"id\": \"b\""));
    Map<String, String> invalid = rig.heard.awaitInvalid();

    assertEquals(Set.of("file routes.json"), invalid.keySet());
    String message = invalid.get("file routes.json");
    assertTrue(message.contains("line 13, column 7: fields are separated by ','"), message);
    assertEquals(Set.of("a", "b"), rig.heard.last().routes().keySet());

    rig.edit(good);
    Await.until("all is well", () -> rig.heard.last().invalid().isEmpty());
    assertTrue(rig.heard.last().changed().contains("file routes.json"));
    assertFalse(rig.names().contains("routes.json.broken-1"));
  }

  @Test
  void aBrokenEditThatIsMendedDifferentlyIsLive() {
    rig.edit("{\"routes\": [");
    rig.heard.awaitInvalid();
    rig.edit(FileRig.file(FileRig.line("c", "http://three")));
    Await.until("the mended edit", () -> rig.target("c").equals("http://three:80"));

    assertEquals(Map.of(), rig.heard.last().invalid());
    assertEquals(Set.of("c"), rig.heard.last().routes().keySet());
  }

  @Test
  void anEmptyFileIsABrokenEditAndNoOrderToDropEverything() {
    rig.edit("");
    assertTrue(rig.heard.awaitInvalid().get("file routes.json").contains("the text is empty"));
    assertEquals(2, rig.heard.last().routes().size());
  }

  @Test
  void aChangeKeepsABrokenEditAside() {
    String broken = FileRig.file("{\"id\": \"a\" oops");
    rig.edit(broken);
    rig.heard.awaitInvalid();
    rig.put("c", "http://three");

    assertEquals(broken, FileRig.read(rig.beside(".broken-1")));
    assertEquals(3, RouteJson.parseFile(rig.text()).routes().size());
    assertEquals(Map.of(), rig.heard.last().invalid());
  }

  @Test
  void aBadRouteIsSkippedAndItsLastGoodVersionStays() {
    rig.edit(
        FileRig.file(
            FileRig.line("a", "http://two"),
            FileRig.line("b", "htp://two"),
            FileRig.line("c", "http://two").replace("\"to\"", "\"tos\"")));
    Map<String, String> invalid = rig.heard.awaitInvalid();

    assertEquals(Set.of("b", "c"), invalid.keySet());
    assertTrue(
        invalid
            .get("b")
            .startsWith("line 3, column 47 (routes[1].to[0]): route b: to[0]: 'htp://two'"),
        invalid.get("b"));
    assertTrue(invalid.get("c").contains("route c: tos: unknown field; did you mean 'to'?"));
    assertEquals("http://two:80", rig.target("a"));
    assertEquals("http://one:80", rig.target("b"));
    assertEquals("", rig.target("c"));
  }

  @Test
  void aChangeKeepsTheTextOfABadRouteAside() {
    String edited = FileRig.file(FileRig.line("a", "http://one"), FileRig.line("b", "htp://two"));
    rig.edit(edited);
    rig.heard.awaitInvalid();
    rig.put("c", "http://three");

    assertEquals(edited, FileRig.read(rig.beside(".broken-1")));
    assertEquals(Map.of(), rig.heard.last().invalid());
    assertTrue(rig.heard.last().changed().contains("b"));
    assertEquals("http://one:80", rig.target("b"));
    assertEquals(3, RouteJson.parseFile(rig.text()).routes().size());
  }

  @Test
  void aBadRouteIsStillNamedAfterAWorseEditWasTakenBack() {
    String edited = FileRig.file(FileRig.line("a", "http://one"), FileRig.line("b", "htp://two"));
    rig.edit(edited);
    Await.until("the bad route", () -> rig.heard.last().invalid().containsKey("b"));
    rig.edit("rubbish");
    Await.until("the bad file", () -> rig.heard.last().invalid().containsKey("file routes.json"));
    rig.edit(edited);
    Await.until("the bad route", () -> rig.heard.last().invalid().keySet().equals(Set.of("b")));
  }

  @Test
  void aRouteThatLostItsIdLeavesAllAsItWas() {
    rig.edit(FileRig.file(FileRig.line("a", "http://two"), FileRig.line("b x", "http://two")));
    String message = rig.heard.awaitInvalid().get("file routes.json");

    assertTrue(message.contains("routes[1].id"), message);
    assertTrue(message.contains("without its id"), message);
    assertEquals("http://one:80", rig.target("a"));
  }

  @Test
  void aFileThatIsRemovedByHandRemovesNoRoute() throws IOException {
    Files.delete(rig.file);
    assertTrue(rig.heard.awaitInvalid().get("file routes.json").contains("the file is gone"));
    assertEquals(2, rig.heard.last().routes().size());

    rig.put("c", "http://three");
    assertEquals(3, RouteJson.parseFile(rig.text()).routes().size());
    assertEquals(Map.of(), rig.heard.last().invalid());
  }

  @Test
  void anEditRightBeforeAChangeIsNotLost() {
    for (int i = 0; i < 20; i++) {
      String url = "http://edit" + i;
      rig.edit(FileRig.file(FileRig.line("a", url), FileRig.line("b", "http://one")));
      rig.put("b", "http://put" + i);
      assertEquals(url + ":80", rig.target("a"));
      assertEquals("http://put" + i + ":80", rig.target("b"));
    }
  }

  @Test
  void aChangeExpectsTheRevisionThatAnEditHasRaised() {
    long before = rig.revision("a");
    rig.edit(FileRig.file(FileRig.line("a", "http://edited")));
    CompletableFuture<Long> change = rig.apply(Edit.put(FileRig.route("a", "http://put"), before));
    Await.until("a conflict", change::isCompletedExceptionally);
    Await.until("the edit", () -> rig.target("a").equals("http://edited:80"));
  }

  @Test
  void aChangeWaitsForAnEditThatIsHalfSaved() {
    String whole =
        FileRig.file(FileRig.line("a", "http://edited"), FileRig.line("b", "http://one"));
    rig.edit(whole.substring(0, 30));
    CompletableFuture<Long> change = rig.apply(Edit.put(FileRig.route("c", "http://put")));
    rig.edit(whole.substring(0, 60));
    rig.edit(whole);
    FileRig.await(change);

    assertEquals("http://edited:80", rig.target("a"));
    assertEquals("http://put:80", rig.target("c"));
    assertFalse(rig.names().contains("routes.json.broken-1"));
  }
}
