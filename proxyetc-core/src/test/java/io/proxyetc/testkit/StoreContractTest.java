package io.proxyetc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.HeaderRules;
import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.RouteConflictException;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteChange.Edit;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore;
import io.proxyetc.spi.StoredRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RouteStore} must do. Whoever writes one extends this class:
 *
 * <pre>{@code
 * class MyStoreTest extends StoreContractTest {
 *   @TempDir Path directory;
 *
 *   @Override
 *   protected RouteStore open() {
 *     return new MyStore(directory);
 *   }
 * }
 * }</pre>
 */
public abstract class StoreContractTest {
  private RouteStore store = new Closed();
  private StoreRecorder heard = new StoreRecorder();

  /**
   * A store that was not started yet. The first one of a test is empty; where the store is durable,
   * later ones of the same test, opened after the first was closed, hold what that one held.
   */
  protected abstract RouteStore open();

  /** Whether what was acknowledged outlives the store. */
  protected boolean durable() {
    return true;
  }

  @BeforeEach
  void startStore() {
    store = open();
    heard = new StoreRecorder();
    store.start(heard);
    heard.awaitFirst();
  }

  @AfterEach
  void closeStore() {
    store.close();
    heard.snapshots();
  }

  @Test
  void itBeginsWithASnapshotThoughThatIsEmpty() {
    RouteSnapshot first = heard.awaitFirst();
    assertEquals(Map.of(), first.routes());
    assertFalse(first.stale());
    assertFalse(heard.states().contains(RouteStore.State.STALE));
    assertFalse(store.describe().isBlank());
  }

  @Test
  void whatIsPutIsDeliveredUnderItsRevision() {
    Route route = route("a", "one");
    long revision = apply(Edit.put(route));

    RouteSnapshot snapshot = heard.await(revision);
    assertEquals(Map.of("a", new StoredRoute(route, revision)), Map.copyOf(snapshot.routes()));
    assertEquals(Map.of(), snapshot.invalid());
  }

  @Test
  void aRouteKeepsItsRevisionWhileOthersChange() {
    long first = apply(Edit.put(route("a", "one")));
    long second = apply(Edit.put(route("b", "one")));
    long third = apply(Edit.put(route("b", "two")));

    assertTrue(first < second && second < third);
    RouteSnapshot last = heard.await(third);
    assertEquals(first, stored(last, "a").revision());
    assertEquals(third, stored(last, "b").revision());
  }

  @Test
  void aSnapshotDoesNotChangeAnyMore() {
    RouteSnapshot before = heard.await(apply(Edit.put(route("a", "one"))));
    heard.await(apply(Edit.put(route("a", "two")), Edit.put(route("b", "one"))));
    heard.await(apply(Edit.delete("a")));

    assertEquals(1, before.routes().size());
    assertEquals(route("a", "one"), stored(before, "a").route());
  }

  @Test
  void severalEditsBecomeOneRevision() {
    apply(Edit.put(route("a", "one")), Edit.put(route("b", "one")));
    long revision =
        apply(Edit.put(route("a", "two")), Edit.delete("b"), Edit.put(route("c", "two")));

    RouteSnapshot last = heard.await(revision);
    assertEquals(revision, stored(last, "a").revision());
    assertEquals(revision, stored(last, "c").revision());
    for (RouteSnapshot s : heard.snapshots()) {
      assertEquals(value(s, "a").equals("two"), s.routes().containsKey("c"), "a half change");
      assertEquals(value(s, "a").equals("one"), s.routes().containsKey("b"), "a half change");
    }
  }

  @Test
  void aConflictChangesNothing() {
    long first = apply(Edit.put(route("a", "one")));
    long second = apply(Edit.put(route("a", "two")));

    RouteConflictException conflict =
        refused(Edit.put(route("b", "new")), Edit.put(route("a", "three"), first));

    assertEquals("a", conflict.routeId());
    assertEquals(first, conflict.expected());
    assertEquals(second, conflict.actual());
    RouteSnapshot last = heard.await(apply(Edit.put(route("c", "one"))));
    assertEquals("two", value(last, "a"));
    assertNull(last.routes().get("b"));
  }

  @Test
  void anExpectedRevisionThatHoldsLetsTheChangePass() {
    long absent = apply(Edit.put(route("a", "one"), 0));
    long present = apply(Edit.put(route("a", "two"), absent));
    long gone = apply(new Edit.Delete("a", OptionalLong.of(present)));

    assertNull(heard.await(gone).routes().get("a"));
  }

  @Test
  void whatMustBeAbsentIsNotOverwritten() {
    long revision = apply(Edit.put(route("a", "one")));

    assertEquals(revision, refused(Edit.put(route("a", "two"), 0)).actual());
    assertEquals(0, refused(Edit.put(route("b", "two"), revision)).actual());
    assertEquals(0, refused(new Edit.Delete("b", OptionalLong.of(revision))).actual());
  }

  @Test
  void deletingWhatIsAbsentIsNoError() {
    long revision = apply(Edit.put(route("a", "one")));
    apply(Edit.delete("nobody"));

    assertEquals(route("a", "one"), stored(heard.await(revision), "a").route());
  }

  @Test
  void tenThousandRoutesAreKeptAndOneChangeIsOneChange() {
    List<Edit> edits = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      edits.add(Edit.put(route("r" + i, "one")));
    }
    long all = revision(store.apply(new RouteChange(edits, "test", "")));
    assertEquals(10_000, heard.await(all).routes().size());

    RouteSnapshot last = heard.await(apply(Edit.put(route("r77", "two"))));
    assertEquals(10_000, last.routes().size());
    assertEquals(java.util.Set.of("r77"), java.util.Set.copyOf(last.changed()));
    assertEquals("two", value(last, "r77"));
    assertEquals(all, stored(last, "r78").revision());
  }

  @Test
  void concurrentWritersLoseNothing() {
    apply(Edit.put(route("counter", "0")));
    int writers = 6;
    int rounds = 10;
    List<CompletableFuture<Void>> all =
        IntStream.range(0, writers)
            .mapToObj(w -> CompletableFuture.runAsync(() -> count(rounds), run("writer-" + w)))
            .toList();
    all.forEach(writer -> Await.get("a writer", writer));

    RouteSnapshot last = heard.await(apply(Edit.put(route("end", ""))));
    assertEquals(writers * rounds + "", value(last, "counter"));
  }

  /** Adds one to the counter, again when somebody else was faster. */
  private void count(int rounds) {
    for (int done = 0; done < rounds; ) {
      StoredRoute now = stored(heard.last(), "counter");
      int next = Integer.parseInt(value(now.route())) + 1;
      try {
        heard.await(apply(Edit.put(route("counter", next + ""), now.revision())));
        done++;
      } catch (RouteConflictException e) {
        heard.await(e.actual());
      }
    }
  }

  @Test
  void changesOfOneWriterHappenInTheirOrder() {
    List<CompletionStage<Long>> changes = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      changes.add(store.apply(RouteChange.of("test", Edit.put(route("a", "" + i)))));
    }
    long before = 0;
    for (CompletionStage<Long> change : changes) {
      long revision = revision(change);
      assertTrue(revision > before, revision + " after " + before);
      before = revision;
    }
    assertEquals("499", value(heard.await(before), "a"));
  }

  @Test
  void aListenerThatThrowsDoesNotStopTheStore() {
    store.close();
    store = open();
    AtomicBoolean angry = new AtomicBoolean(true);
    StoreRecorder calm = new StoreRecorder();
    store.start(
        new RouteStore.StoreListener() {
          @Override
          public void onSnapshot(RouteSnapshot snapshot) {
            calm.onSnapshot(snapshot);
            if (angry.get()) {
              throw new IllegalStateException("thrown by a test");
            }
          }

          @Override
          public void onState(RouteStore.State state, String detail) {}
        });
    calm.await(revision(store.apply(RouteChange.of("test", Edit.put(route("a", "one"))))));
    angry.set(false);
    calm.await(revision(store.apply(RouteChange.of("test", Edit.put(route("a", "two"))))));
    assertEquals("two", value(calm.last(), "a"));
  }

  @Test
  void whatWasAcknowledgedIsThereAfterARestart() {
    if (!durable()) {
      return;
    }
    long a = apply(Edit.put(route("a", "one")), Edit.put(route("b", "one")));
    long b = apply(Edit.put(route("b", "two")));
    long c = apply(Edit.put(route("c", "one")));
    long gone = apply(Edit.delete("c"));
    assertTrue(gone > c);

    restart();

    RouteSnapshot first = heard.awaitFirst();
    assertEquals(
        Map.of(
            "a", new StoredRoute(route("a", "one"), a), "b", new StoredRoute(route("b", "two"), b)),
        Map.copyOf(first.routes()));
    assertTrue(first.revision() >= gone, first.revision() + " after " + gone);
    assertTrue(apply(Edit.put(route("d", "one"))) > gone);
    assertEquals(b, refused(Edit.put(route("b", "three"), a)).actual());
  }

  private void restart() {
    store.close();
    heard.snapshots();
    store = open();
    heard = new StoreRecorder();
    store.start(heard);
    heard.awaitFirst();
  }

  @Test
  void closedInTheMiddleOfChangesItLeavesNobodyWaiting() {
    List<CompletableFuture<Long>> changes = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      changes.add(
          store
              .apply(RouteChange.of("test", Edit.put(route("r" + i, "one"))))
              .toCompletableFuture());
      if (i == 200) {
        new Thread(store::close).start();
      }
    }
    store.close();
    Map<String, Long> acknowledged = new java.util.HashMap<>();
    for (int i = 0; i < changes.size(); i++) {
      CompletableFuture<Long> change = changes.get(i);
      Await.until("an end of change " + i, change::isDone);
      if (!change.isCompletedExceptionally()) {
        acknowledged.put("r" + i, change.join());
      }
    }
    if (durable()) {
      restart();
      acknowledged.forEach((id, rev) -> assertEquals(rev, stored(heard.last(), id).revision()));
    }
  }

  @Test
  void afterTheEndItRefusesAndIsSilent() {
    apply(Edit.put(route("a", "one")));
    store.close();
    int told = heard.snapshots().size();
    store.close();

    CompletableFuture<Long> late =
        store.apply(RouteChange.of("test", Edit.put(route("b", "one")))).toCompletableFuture();
    Await.until("a refusal", late::isDone);
    assertTrue(late.isCompletedExceptionally());
    assertEquals(told, heard.snapshots().size());
  }

  // Words of the stories above.

  private long apply(Edit... edits) {
    return revision(store.apply(RouteChange.of("test", edits)));
  }

  private static long revision(CompletionStage<Long> change) {
    try {
      return change.toCompletableFuture().get(30, java.util.concurrent.TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw assertInstanceOf(ProxyException.class, e.getCause());
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError("the store does not answer", e);
    }
  }

  private RouteConflictException refused(Edit... edits) {
    return assertThrows(RouteConflictException.class, () -> apply(edits));
  }

  /** A route that carries a value. */
  private static Route route(String id, String value) {
    return Route.builder(id)
        .host(id + ".example.com")
        .to("http://127.0.0.1:8080")
        .request(new HeaderRules(Map.of("X-Value", value), Map.of(), List.of()))
        .build();
  }

  private static String value(Route route) {
    return Objects.requireNonNull(route.request().set().get("X-Value"));
  }

  private static String value(RouteSnapshot snapshot, String id) {
    StoredRoute stored = snapshot.routes().get(id);
    return stored == null ? "" : value(stored.route());
  }

  private static StoredRoute stored(RouteSnapshot snapshot, String id) {
    StoredRoute stored = snapshot.routes().get(id);
    assertNotNull(stored, id);
    return stored;
  }

  private static java.util.concurrent.Executor run(String name) {
    return task -> new Thread(task, name).start();
  }

  /** Stands there until the first store is opened. */
  private static final class Closed implements RouteStore {
    @Override
    public void start(StoreListener listener) {}

    @Override
    public CompletionStage<Long> apply(RouteChange change) {
      return CompletableFuture.failedFuture(new ProxyException("closed"));
    }

    @Override
    public String describe() {
      return "closed";
    }

    @Override
    public void close() {}
  }
}
