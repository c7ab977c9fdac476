package io.proxyetc.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore;
import io.proxyetc.spi.StoredRoute;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.ScriptedStore;
import io.proxyetc.testkit.StoreRecorder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LastGoodStoreTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final StoredRoute A = new StoredRoute(FileRig.route("a", "http://one"), 3);
  private static final StoredRoute B = new StoredRoute(FileRig.route("b", "http://one"), 7);

  @TempDir private Path directory;
  private Path copy;

  @BeforeEach
  void place() {
    copy = directory.resolve("last-good.json");
  }

  @Test
  void whatAStoreDeliveredIsServedWhenItIsAwayAtTheNextStart() {
    keep(7, A, B);

    ScriptedStore away = new ScriptedStore();
    StoreRecorder heard = new StoreRecorder();
    try (LastGoodStore store = new LastGoodStore(away, copy, LONG)) {
      store.start(heard);
      away.tell(RouteStore.State.STALE, "nobody listens there");
      RouteSnapshot snapshot = heard.awaitFirst();
      assertTrue(snapshot.stale());
      assertEquals(7, snapshot.revision());
      assertEquals(Map.of("a", A, "b", B), Map.copyOf(snapshot.routes()));
      assertTrue(heard.states().contains(RouteStore.State.STALE));
    }
    assertEquals(1, away.closes());
  }

  @Test
  void aStoreThatSaysNothingIsNotWaitedForLonger() {
    keep(7, A);
    StoreRecorder heard = new StoreRecorder();
    try (LastGoodStore store =
        new LastGoodStore(new ScriptedStore(), copy, Duration.ofMillis(20))) {
      store.start(heard);
      assertTrue(heard.awaitFirst().stale());
      Await.until("the state", () -> heard.states().equals(List.of(RouteStore.State.STALE)));
    }
  }

  @Test
  void theStoresOwnSnapshotFollowsTheCopy() {
    keep(7, A, B);
    ScriptedStore inner = new ScriptedStore();
    StoreRecorder heard = new StoreRecorder();
    try (LastGoodStore store = new LastGoodStore(inner, copy, Duration.ofMillis(20))) {
      store.start(heard);
      heard.awaitFirst();
      inner.deliver(5, false, A); // an older backup was restored meanwhile
      assertFalse(heard.last().stale());
      assertEquals(Map.of("a", A), Map.copyOf(heard.last().routes()));
    }
    assertEquals(List.of("a"), saved().routes().keySet().stream().toList());
  }

  @Test
  void aStoreThatIsInTimeNeedsNoCopy() {
    keep(7, A);
    ScriptedStore inner = new ScriptedStore();
    StoreRecorder heard = new StoreRecorder();
    try (LastGoodStore store = new LastGoodStore(inner, copy, LONG)) {
      store.start(heard);
      inner.deliver(8, false, B);
    }
    assertEquals(1, heard.snapshots().size());
    assertEquals(8, saved().revision());
  }

  @Test
  void withoutACopyItSaysSo() {
    StoreRecorder heard = new StoreRecorder();
    try (LastGoodStore store =
        new LastGoodStore(new ScriptedStore(), copy, Duration.ofMillis(20))) {
      store.start(heard);
      Await.until("the state", () -> heard.states().contains(RouteStore.State.STALE));
      assertEquals(List.of(), heard.snapshots());
    }
    assertFalse(Files.exists(copy));
  }

  @Test
  void aCopyThatCannotBeReadIsNone() {
    FileRig.write(copy, "rubbish");
    StoreRecorder heard = new StoreRecorder();
    try (LastGoodStore store =
        new LastGoodStore(new ScriptedStore(), copy, Duration.ofMillis(20))) {
      store.start(heard);
      Await.until("the state", () -> heard.states().contains(RouteStore.State.STALE));
      assertEquals(List.of(), heard.snapshots());
    }
  }

  @Test
  void aStaleSnapshotIsNotKept() {
    keep(7, A);
    ScriptedStore inner = new ScriptedStore();
    try (LastGoodStore store = new LastGoodStore(inner, copy, LONG)) {
      store.start(new StoreRecorder());
      inner.deliver(1, true, B);
    }
    assertEquals(7, saved().revision());
  }

  @Test
  void whatCannotBeKeptKeepsNothingElseFromIt() {
    ScriptedStore inner = new ScriptedStore();
    try (LastGoodStore store = new LastGoodStore(inner, copy, LONG)) {
      store.start(new StoreRecorder());
      inner.deliver(7, false, A);
      Await.until("the copy", () -> Files.exists(copy));
      AtomicBoolean tried = new AtomicBoolean();
      inner.deliver(new RouteSnapshot(8, new Torn(tried), Set.of(), Map.of(), false));
      Await.until("the copy is tried", tried::get);
      inner.deliver(9, false, A, B);
      Await.until("the next copy", () -> saved().revision() == 9);
    }
  }

  /** Routes that cannot be read. */
  private static final class Torn extends AbstractMap<String, StoredRoute> {
    private final AtomicBoolean tried;

    Torn(AtomicBoolean tried) {
      this.tried = tried;
    }

    @Override
    public Set<Entry<String, StoredRoute>> entrySet() {
      tried.set(true);
      throw new IllegalStateException("torn");
    }
  }

  @Test
  void theCopyIsWrittenWhileTheStoreRuns() {
    ScriptedStore inner = new ScriptedStore();
    try (LastGoodStore store = new LastGoodStore(inner, copy, LONG)) {
      store.start(new StoreRecorder());
      inner.deliver(8, false, A, B);
      Await.until("the copy", () -> Files.exists(copy));
      assertEquals(Map.of("a", A, "b", B), Map.copyOf(saved().routes()));
    }
  }

  private void keep(long revision, StoredRoute... routes) {
    ScriptedStore inner = new ScriptedStore();
    try (LastGoodStore store = new LastGoodStore(inner, copy, LONG)) {
      store.start(new StoreRecorder());
      inner.deliver(revision, false, routes);
    }
  }

  private Ledger saved() {
    return new SavedCopy(copy, FileBound.ofThisJvm()).load().orElseThrow();
  }
}
