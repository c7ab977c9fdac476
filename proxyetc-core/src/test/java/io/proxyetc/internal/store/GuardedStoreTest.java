package io.proxyetc.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteChange.Edit;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Sneaky;
import io.proxyetc.testkit.StoreRecorder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Stores of users that do what they should not: the proxy goes on, and says whose fault it is. */
class GuardedStoreTest {
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final CountDownLatch go = new CountDownLatch(1);
  private final Hostile hostile = new Hostile();
  private final StoreRecorder heard = new StoreRecorder();

  @AfterEach
  void letGo() {
    go.countDown();
  }

  @Test
  void anApplyThatBlocksDoesNotBlockWhoAsked() {
    hostile.apply = change -> afterALongTime(7L);
    try (GuardedStore store = started(LONG)) {
      CompletableFuture<Long> done = store.apply(change("a")).toCompletableFuture();
      Await.until("the call", () -> hostile.applied.size() == 1);
      assertFalse(done.isDone());
      go.countDown();
      assertEquals(7, Await.get("the change", done));
    }
  }

  @Test
  void whoWaitsBehindAnApplyThatBlocksIsToldThatItsChangeWasNotMade() {
    hostile.apply = change -> afterALongTime(7L);
    try (GuardedStore store = started(SHORT)) {
      CompletableFuture<Long> first = store.apply(change("a")).toCompletableFuture();
      Await.until("the call", () -> hostile.applied.size() == 1);
      String message = fault(store.apply(change("b"))).getMessage();
      assertTrue(
          message.startsWith(
              "hostile store: the change was not made: an earlier call to the store has not"
                  + " returned"),
          message);

      go.countDown();
      assertEquals(7, Await.get("the first change", first));
      assertEquals(7, Await.get("a later change", store.apply(change("c")).toCompletableFuture()));
      assertEquals(List.of(change("a"), change("c")), hostile.applied, "b was not made, indeed");
    }
  }

  @Test
  void soManyChangesWaitAndNotMore() {
    hostile.apply = change -> afterALongTime(7L);
    try (GuardedStore store = started(LONG)) {
      List<CompletableFuture<Long>> waiting = new ArrayList<>();
      waiting.add(store.apply(change("a")).toCompletableFuture());
      Await.until("the call", () -> hostile.applied.size() == 1);
      for (int i = 0; i < ChangeQueue.CAPACITY; i++) {
        waiting.add(store.apply(change("a")).toCompletableFuture());
      }
      String message = fault(store.apply(change("a"))).getMessage();
      assertTrue(message.endsWith(ChangeQueue.CAPACITY + " changes are waiting; try again later"));
      assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone));
      go.countDown();
      waiting.forEach(one -> Await.get("a change", one));
    }
  }

  @Test
  void whatAnApplyThrowsOrLeavesOutIsAFaultOfThatChange() {
    try (GuardedStore store = started(LONG)) {
      hostile.apply =
          change -> {
            throw new NoClassDefFoundError("com/acme/Driver");
          };
      ExecutionException thrown =
          assertThrows(
              ExecutionException.class,
              () -> store.apply(change("a")).toCompletableFuture().get(10, TimeUnit.SECONDS));
      assertSame(NoClassDefFoundError.class, thrown.getCause().getClass());

      IOException checked = new IOException("no disk"); // it ended the thread of the calls
      hostile.apply =
          change -> {
            throw Sneaky.thrown(checked);
          };
      thrown =
          assertThrows(
              ExecutionException.class,
              () -> store.apply(change("a")).toCompletableFuture().get(10, TimeUnit.SECONDS));
      assertSame(checked, thrown.getCause());

      hostile.apply = change -> null;
      assertTrue(fault(store.apply(change("a"))).getMessage().contains("gave null for a change"));
      hostile.apply = change -> CompletableFuture.completedFuture(null);
      assertTrue(fault(store.apply(change("a"))).getMessage().contains("without a revision"));
      hostile.apply = change -> CompletableFuture.completedFuture(3L);
      assertEquals(3, Await.get("a change", store.apply(change("a")).toCompletableFuture()));
    }
  }

  @Test
  void aStoreThatCannotSayWhoItIsIsCalledByItsClass() {
    String byClass = "store " + Hostile.class.getName();
    hostile.describe =
        () -> {
          throw new IllegalStateException("no name");
        };
    assertName(byClass, LONG);
    hostile.describe = () -> null;
    assertName(byClass, LONG);
    hostile.describe = () -> " ";
    assertName(byClass, LONG);
    hostile.describe = () -> afterALongTime("late");
    assertName(byClass, SHORT);
  }

  /** It was never started, and the messages spoke of start. */
  @Test
  void aStoreThatCannotSayWhoItIsServesAllTheSame() {
    CountDownLatch go = new CountDownLatch(1);
    hostile.describe =
        () -> {
          while (go.getCount() > 0) { // it does not let itself be interrupted
            LockSupport.parkNanos(1_000_000);
            Thread.interrupted();
          }
          return "late";
        };
    hostile.start = listener -> listener.onSnapshot(snapshot(1));
    try (GuardedStore store = new GuardedStore(hostile, SHORT)) {
      store.start(heard);
      Await.until("the first routes", () -> !heard.snapshots().isEmpty());
      assertEquals(1, Await.get("a change", store.apply(change("a")).toCompletableFuture()));
    } finally {
      go.countDown();
    }
  }

  private void assertName(String expected, Duration patience) {
    try (GuardedStore store = new GuardedStore(hostile, patience)) {
      assertEquals(expected, store.describe());
    }
  }

  @Test
  void whatStartThrowsIsSaidWithNameFaultAndRemedy() {
    IllegalStateException cause = new IllegalStateException("no licence");
    hostile.start =
        listener -> {
          throw cause;
        };
    try (GuardedStore store = new GuardedStore(hostile, LONG)) {
      ProxyException fault = assertThrows(ProxyException.class, () -> store.start(heard));
      assertEquals(
          "hostile store did not start: java.lang.IllegalStateException: no licence; remove the"
              + " cause, or give another store",
          fault.getMessage());
      assertSame(cause, fault.getCause());
    }
  }

  @Test
  void aStoresOwnWordsWhyItCannotWorkAreLeft() {
    ProxyException own = new ProxyException("the disk is full: make room");
    hostile.start =
        listener -> {
          throw own;
        };
    try (GuardedStore store = new GuardedStore(hostile, LONG)) {
      assertSame(own, assertThrows(ProxyException.class, () -> store.start(heard)));
    }
  }

  @Test
  void aStartThatDoesNotReturnIsAStoreThatIsAway() {
    hostile.start =
        listener -> {
          afterALongTime("");
          throw new IllegalStateException("too late");
        };
    try (GuardedStore store = new GuardedStore(hostile, SHORT)) {
      store.start(heard);
      assertEquals(List.of(RouteStore.State.STALE), heard.states());
      go.countDown();
      Await.until("the late fault", () -> heard.states().size() == 2);
    }
  }

  @Test
  void theListenerIsCalledOnceAtATime() {
    AtomicInteger inside = new AtomicInteger();
    AtomicBoolean together = new AtomicBoolean();
    RouteStore.StoreListener alone =
        new RouteStore.StoreListener() {
          @Override
          public void onSnapshot(RouteSnapshot snapshot) {
            together.compareAndSet(false, inside.incrementAndGet() > 1);
            Thread.yield();
            inside.decrementAndGet();
          }

          @Override
          public void onState(RouteStore.State state, String detail) {}
        };
    try (GuardedStore store = new GuardedStore(hostile, LONG)) {
      store.start(alone);
      List<CompletableFuture<Void>> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        threads.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int n = 0; n < 500; n++) {
                    hostile.listener().onSnapshot(snapshot(n));
                  }
                },
                task -> new Thread(task, "testkit-store").start()));
      }
      threads.forEach(thread -> Await.get("a thread of the store", thread));
      assertFalse(together.get());
    }
  }

  @Test
  void whatIsNullIsIgnoredAndSoIsWhatComesAfterTheEnd() {
    GuardedStore store = started(LONG);
    RouteStore.StoreListener listener = hostile.listener();
    listener.onSnapshot(none());
    listener.onState(none(), "");
    assertEquals(List.of(), heard.snapshots());
    listener.onState(RouteStore.State.STALE, none());
    assertEquals(List.of(RouteStore.State.STALE), heard.states());
    listener.onSnapshot(snapshot(1));
    assertEquals(1, heard.snapshots().size());

    store.close();
    listener.onSnapshot(snapshot(2));
    listener.onState(RouteStore.State.CONNECTED, "");
    assertEquals(1, heard.snapshots().size());
    assertEquals(1, heard.states().size());
    assertTrue(fault(store.apply(change("a"))).getMessage().endsWith("the store is closed"));
  }

  @Test
  void aCloseThatBlocksOrThrowsIsLeftToItself() {
    hostile.close = () -> afterALongTime("");
    started(SHORT).close();
    assertEquals(1, hostile.closes.get());
    hostile.close =
        () -> {
          throw new AssertionError("not today");
        };
    GuardedStore throwing = started(LONG);
    throwing.close();
    throwing.close();
    assertEquals(2, hostile.closes.get());
  }

  @Test
  void whatStillWaitsAtTheEndIsToldAndTheThreadEnds() {
    hostile.apply = change -> afterALongTime(7L);
    GuardedStore store = started(LONG);
    CompletableFuture<Long> first = store.apply(change("a")).toCompletableFuture();
    Await.until("the call", () -> hostile.applied.size() == 1);
    CompletionStage<Long> second = store.apply(change("b"));
    store.close();
    assertEquals(
        "hostile store: the change was not made: the store is closed", fault(second).getMessage());
    assertThrows(ExecutionException.class, () -> first.get(10, TimeUnit.SECONDS));
    Thread caller = hostile.caller;
    Await.until("the end of the thread", () -> caller == null || !caller.isAlive());
  }

  private GuardedStore started(Duration patience) {
    GuardedStore store = new GuardedStore(hostile, patience);
    store.start(heard);
    return store;
  }

  /** Blocks until the test is over, or lets it go. */
  private <T> T afterALongTime(T value) {
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
    return value;
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"}) // what is not to be given, given
  private static <T> T none() {
    return (T) null;
  }

  private static RouteSnapshot snapshot(long revision) {
    return new RouteSnapshot(revision, Map.of(), Set.of(), Map.of(), false);
  }

  private static RouteChange change(String id) {
    return RouteChange.of("test", Edit.put(Route.builder(id).to("http://x").build()));
  }

  private static ProxyException fault(CompletionStage<Long> stage) {
    ExecutionException fault =
        assertThrows(
            ExecutionException.class, () -> stage.toCompletableFuture().get(10, TimeUnit.SECONDS));
    return (ProxyException) fault.getCause();
  }

  /** Does what the test wants, with an answer that need not be one. */
  private interface Answer<T> {
    @Nullable T get();
  }

  /** A store of a user. */
  private static final class Hostile implements RouteStore {
    private final List<RouteChange> applied = new CopyOnWriteArrayList<>();
    private final AtomicInteger closes = new AtomicInteger();
    private volatile Answer<String> describe = () -> "hostile store";
    private volatile Consumer<StoreListener> start = to -> {};
    private volatile Function<RouteChange, @Nullable Object> apply = change -> 1L;
    private volatile Runnable close = () -> {};
    private volatile @Nullable StoreListener told;
    private volatile @Nullable Thread caller;

    StoreListener listener() {
      return Objects.requireNonNull(told);
    }

    @Override
    public void start(StoreListener listener) {
      told = listener;
      start.accept(listener);
    }

    @Override
    @SuppressWarnings({"NullAway", "unchecked"}) // hostile
    public CompletionStage<Long> apply(RouteChange change) {
      caller = Thread.currentThread();
      applied.add(change);
      Object answer = apply.apply(change);
      return answer instanceof Long revision
          ? CompletableFuture.completedFuture(revision)
          : (CompletionStage<Long>) answer;
    }

    @Override
    @SuppressWarnings("NullAway") // hostile
    public String describe() {
      return describe.get();
    }

    @Override
    public void close() {
      closes.incrementAndGet();
      close.run();
    }
  }
}
