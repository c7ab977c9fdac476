package io.proxyetc.internal.assembly;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.RouteConflictException;
import io.proxyetc.internal.store.GuardedStore;
import io.proxyetc.internal.store.MemoryRouteStore;
import io.proxyetc.internal.table.Planner;
import io.proxyetc.internal.table.RouteTables;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteChange.Edit;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore;
import io.proxyetc.spi.StoredRoute;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.ScriptedStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveRoutesTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final RouteTables<String> tables = new RouteTables<>(new ToItsId());
  private final AtomicBoolean ioThread = new AtomicBoolean();
  private final List<HealthEvent> events = new CopyOnWriteArrayList<>();
  private final ScriptedStore scripted = new ScriptedStore();
  private @Nullable AutoCloseable opened;

  @AfterEach
  void close() throws Exception {
    if (opened != null) {
      opened.close();
    }
  }

  @Test
  void aPutIsLiveWhenItReturns() {
    LiveRoutes<String> routes = inMemory();
    routes.put(route("b"));
    routes.put(route("a"));

    assertEquals(List.of(route("a"), route("b")), List.copyOf(routes.list()));
    assertEquals(route("a"), routes.get("a").orElseThrow());
    assertEquals(routes.revision(), routes.stored("a").orElseThrow().revision());
    assertTrue(routes.delete("a"));
    assertFalse(routes.delete("a"));
    assertEquals(List.of(route("b")), List.copyOf(routes.list()));
  }

  @Test
  void severalEditsAreLiveAsOne() throws Exception {
    LiveRoutes<String> routes = inMemory();
    routes.put(route("old"));
    long revision =
        routes
            .apply(RouteChange.of("test", Edit.put(route("a")), Edit.delete("old")))
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);

    assertEquals(revision, routes.revision());
    assertEquals(List.of(route("a")), List.copyOf(routes.list()));
  }

  @Test
  void whatFollowsAChangeMayBlock() throws Exception {
    LiveRoutes<String> routes = inMemory();
    routes
        .apply(RouteChange.of("test", Edit.put(route("a"))))
        .thenRun(() -> routes.put(route("b")))
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
    assertEquals(2, routes.list().size());
  }

  /** On the common pool, which has one thread on a small machine, it did. */
  @Test
  void whatFollowsAChangeAndBlocksHoldsUpNoOther() {
    LiveRoutes<String> routes = scripted(LONG);
    scripted.deliver(1, false);
    CountDownLatch go = new CountDownLatch(1);
    List<CompletableFuture<Void>> held = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletionStage<Long> change = routes.apply(RouteChange.of("test", Edit.put(route("a"))));
        held.add(change.thenRun(() -> hold(begun, go)).toCompletableFuture());
        makeLive(i);
        Await.get("what follows change " + i, begun);
      }
      CompletionStage<Long> free = routes.apply(RouteChange.of("test", Edit.put(route("a"))));
      makeLive(8);
      assertEquals(10, Await.get("another change", free.toCompletableFuture()));
    } finally {
      go.countDown();
    }
    held.forEach(follower -> Await.get("a follower", follower));
  }

  private static void hold(CompletableFuture<Void> begun, CountDownLatch go) {
    begun.complete(null);
    try {
      assertTrue(go.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Does what a store does for the change of this number, which puts route a. */
  private void makeLive(int change) {
    long revision = change + 2L;
    scripted.asked(change).answer().complete(revision);
    scripted.deliver(revision, false, new StoredRoute(route("a"), revision));
  }

  @Test
  void theThreadsOfWhatFollowsEndWithTheProxy() {
    LiveRoutes<String> routes = scripted(LONG);
    scripted.deliver(1, false);
    CompletableFuture<Thread> on = new CompletableFuture<>();
    CompletionStage<Void> followed =
        routes
            .apply(RouteChange.of("test", Edit.put(route("a"))))
            .thenRun(() -> on.complete(Thread.currentThread()));
    makeLive(0);
    Await.get("what follows", followed.toCompletableFuture());
    Thread thread = on.join();
    assertEquals("proxyetc-changes", thread.getName());
    routes.close();
    Await.until("it ends", () -> !thread.isAlive());
  }

  @Test
  void aChangeThatComesTooLateIsAnswered() {
    LiveRoutes<String> routes = scripted(SHORT);
    scripted.deliver(1, false);
    routes.close();
    CompletionStage<String> outcome =
        routes
            .apply(RouteChange.of("test", Edit.put(route("a"))))
            .handle((revision, fault) -> String.valueOf(fault));
    String said = Await.get("the answer", outcome.toCompletableFuture());
    assertTrue(said.contains("ProxyException: route a: "), said);
  }

  @Test
  void twoRoutesThatCannotBeToldApartAreRefused() {
    LiveRoutes<String> routes = inMemory();
    routes.put(route("a"));
    Route twin = Route.builder("b").host("a").to("http://x").build();

    InvalidRouteException fault = assertThrows(InvalidRouteException.class, () -> routes.put(twin));
    assertTrue(fault.getMessage().startsWith("route b: "), fault.getMessage());
    assertEquals(1, routes.list().size());
  }

  @Test
  void whatTheValidatorRefusesIsNamedWithItsRoute() {
    LiveRoutes<String> routes = inMemory();
    Route strange = route("a").toBuilder().balancer("strange").build();

    InvalidRouteException fault =
        assertThrows(InvalidRouteException.class, () -> routes.put(strange));
    assertEquals("route a: balancer: there is none of that name", fault.getMessage());
  }

  @Test
  void aSwitchMakesAnotherGroupActive() {
    LiveRoutes<String> routes = inMemory();
    routes.put(blueGreen("a"));
    routes.put(blueGreen("b"));
    routes.switchTo("a", "green");
    assertEquals(Map.of("green", 1), routes.get("a").orElseThrow().active().weights());

    long before = routes.revision();
    routes.switchTo(Map.of("a", "blue", "b", "green"));
    assertEquals(before + 1, routes.revision());
    assertEquals(Map.of("blue", 1), routes.get("a").orElseThrow().active().weights());
    assertEquals(Map.of("green", 1), routes.get("b").orElseThrow().active().weights());
  }

  @Test
  void aSwitchToNothingSaysWhatThereIs() {
    LiveRoutes<String> routes = inMemory();
    routes.put(blueGreen("a"));

    assertEquals(
        "route a: there is no group 'red' to switch to; it has [blue, green]",
        fault(() -> routes.switchTo("a", "red")));
    assertEquals("there is no route 'x'; there are a", fault(() -> routes.switchTo("x", "green")));
    assertEquals(
        "there is no route 'x'; there are a",
        fault(() -> routes.switchTo(Map.of("a", "green", "x", "green"))));
    assertEquals(Map.of("blue", 1), routes.get("a").orElseThrow().active().weights());
  }

  @Test
  void aSwitchThatMeetsAConflictReadsAgain() {
    LiveRoutes<String> routes = scripted(LONG);
    scripted.deliver(1, false, new StoredRoute(blueGreen("a"), 1));
    CompletableFuture<Void> done = OwnThread.run(() -> routes.switchTo("a", "green"));

    scripted.asked(0).answer().completeExceptionally(new RouteConflictException("a", 1, 2));
    Route newer = blueGreen("a").toBuilder().retries(7).build();
    scripted.deliver(2, false, new StoredRoute(newer, 2));
    Edit.Put again = (Edit.Put) scripted.asked(1).change().edits().get(0);
    assertEquals(2, again.expected().orElseThrow());
    assertEquals(7, again.route().retries().attempts());
    scripted.deliver(3, false, new StoredRoute(again.route(), 3));
    scripted.asked(1).answer().complete(3L);
    Await.get("the switch", done);
  }

  @Test
  void aSwitchGivesUpWhenOthersAreAlwaysFaster() {
    LiveRoutes<String> routes = scripted(LONG);
    scripted.deliver(1, false, new StoredRoute(blueGreen("a"), 1));
    CompletableFuture<Void> done = OwnThread.run(() -> routes.switchTo("a", "green"));
    for (int i = 0; i < 4; i++) {
      scripted
          .asked(i)
          .answer()
          .completeExceptionally(new RouteConflictException("a", i + 1, i + 2));
      scripted.deliver(i + 2, false, new StoredRoute(blueGreen("a"), i + 2));
    }
    ExecutionException fault =
        assertThrows(ExecutionException.class, () -> done.get(10, TimeUnit.SECONDS));
    assertInstanceOf(RouteConflictException.class, fault.getCause());
    assertEquals(4, scripted.count());
  }

  @Test
  void aStoreThatDoesNotConfirmLeavesOpenWhetherTheChangeWasMade() {
    LiveRoutes<String> routes = scripted(SHORT);
    scripted.deliver(1, false);
    assertEquals(
        "route a: scripted store did not confirm the change within 0.05 s; whether it was made is"
            + " unknown: read the route again before you repeat the change",
        fault(() -> routes.put(route("a"))));
  }

  @Test
  void aChangeThatIsNotLiveInTimeIsStoredAllTheSame() {
    LiveRoutes<String> routes = scripted(SHORT);
    scripted.deliver(1, false);
    CompletableFuture<String> fault = OwnThread.get(() -> fault(() -> routes.put(route("a"))));
    scripted.asked(0).answer().complete(2L);
    String message = Await.get("the fault", fault);
    assertTrue(
        message.startsWith("route a: the change is stored as revision 2, but was not live"),
        message);
  }

  @Test
  void aLaterRevisionWillDo() {
    LiveRoutes<String> routes = scripted(LONG);
    scripted.deliver(1, false);
    CompletableFuture<Void> put = OwnThread.run(() -> routes.put(route("a")));
    scripted.asked(0).answer().complete(2L);
    assertFalse(put.isDone());
    scripted.deliver(4, false, new StoredRoute(route("a"), 2));
    Await.get("the put", put);
  }

  @Test
  void aRouteThatTheTableRefusedAfterAllIsReported() {
    LiveRoutes<String> routes = scripted(LONG);
    scripted.deliver(1, false);
    CompletableFuture<String> fault = OwnThread.get(() -> fault(() -> routes.put(route("b"))));
    scripted.asked(0);
    Route twin = Route.builder("a").host("b").to("http://x").build(); // faster, from elsewhere
    scripted.deliver(3, false, new StoredRoute(twin, 2), new StoredRoute(route("b"), 3));
    scripted.asked(0).answer().complete(3L);
    String message = Await.get("the fault", fault);
    assertTrue(message.contains("it is stored as revision 3, but not live"), message);
  }

  @Test
  void whileTheStoreIsAwayChangesAreRefused() {
    LiveRoutes<String> routes = scripted(LONG);
    scripted.deliver(1, true, new StoredRoute(route("a"), 1));
    scripted.tell(RouteStore.State.STALE, "nobody listens there");
    assertEquals(
        "route b: routes cannot be changed now, because scripted store is away (nobody listens there);"
            + " what is live goes on; try again when the store is back",
        fault(() -> routes.put(route("b"))));
    assertEquals(0, scripted.count());
    assertEquals(List.of(route("a")), List.copyOf(routes.list()));

    scripted.deliver(2, false, new StoredRoute(route("a"), 1));
    CompletableFuture<Void> put = OwnThread.run(() -> routes.put(route("b")));
    scripted.deliver(3, false, new StoredRoute(route("a"), 1), new StoredRoute(route("b"), 3));
    scripted.asked(0).answer().complete(3L);
    Await.get("the put", put);
    assertEquals(
        List.of(HealthEvent.Kind.STORE_LOST, HealthEvent.Kind.STORE_FOUND),
        events.stream().map(HealthEvent::kind).toList());
  }

  @Test
  void aStoreThatThrowsIsAFaultOfThatChangeOnly() {
    LiveRoutes<String> routes = scripted(LONG);
    scripted.deliver(1, false);
    CompletableFuture<String> fault = OwnThread.get(() -> fault(() -> routes.put(route("a"))));
    scripted.asked(0).answer().completeExceptionally(new IllegalStateException("oops"));
    assertEquals(
        "route a: scripted store failed: java.lang.IllegalStateException: oops",
        Await.get("the fault", fault));
  }

  @Test
  void aStoreThatBlocksIsNotWaitedForLonger() {
    CompletableFuture<Long> go = new CompletableFuture<>();
    RouteStore blocking = new Blocking(go);
    LiveRoutes<String> routes =
        new LiveRoutes<>(new GuardedStore(blocking), tables, hooks(), SHORT);
    opened = routes;
    assertTrue(routes.start(LONG));
    try {
      assertEquals(
          "route a: blocking did not confirm the change within 0.05 s; whether it was made is"
              + " unknown: read the route again before you repeat the change",
          fault(() -> routes.put(route("a"))));
      assertEquals(List.of(), List.copyOf(routes.list()));
    } finally {
      go.complete(1L);
    }
  }

  /** Though the store, which should tell them, does not. */
  @Test
  void whoWaitsForTheStoreWhenTheProxyClosesIsTold() {
    LiveRoutes<String> routes = scripted(LONG);
    scripted.deliver(1, false);
    CompletableFuture<String> fault = OwnThread.get(() -> fault(() -> routes.put(route("a"))));
    scripted.asked(0);
    routes.close();
    assertEquals(
        "route a: the proxy was closed; whether the change was made is unknown to it",
        Await.get("the fault", fault));
  }

  @Test
  void oneRouteThatIsNoneKeepsNoOtherFromBeingLive() {
    LiveRoutes<String> routes = scripted(LONG);
    scripted.deliver(1, false);
    scripted.deliverBroken(2, new StoredRoute(route("a"), 2));
    assertEquals(List.of(route("a")), List.copyOf(routes.list()));
    assertEquals(
        Map.of("broken", "route broken: the store gave null for it"), Map.copyOf(routes.refused()));
  }

  /** And who waits for it is told so, the store's thread goes on, and so does what is live. */
  @Test
  void aSnapshotThatCannotBeMadeLiveIsMadeUpForByTheNext() throws Exception {
    LiveRoutes<String> routes = scripted(LONG);
    scripted.deliver(1, false, new StoredRoute(blueGreen("a"), 1));
    CompletableFuture<String> fault = OwnThread.get(() -> fault(() -> routes.put(route("b"))));
    scripted.asked(0).answer().complete(2L);

    Route newer = blueGreen("a").toBuilder().retries(7).build();
    scripted.deliverNothing(2);
    String message = Await.get("the fault", fault);
    assertTrue(message.startsWith("scripted store: revision 2 is stored, but could not"), message);
    assertEquals(List.of(blueGreen("a")), List.copyOf(routes.list()));

    scripted.deliverChanged(
        3, Set.of("b"), new StoredRoute(newer, 2), new StoredRoute(route("b"), 3));
    assertEquals(List.of(newer, route("b")), List.copyOf(routes.list()));
  }

  @Test
  void conflictsWithoutEndAreNotWaitedForLongerThanOnce() {
    LiveRoutes<String> routes = scripted(Duration.ofSeconds(1));
    scripted.deliver(1, false, new StoredRoute(blueGreen("a"), 1));
    CompletableFuture<Void> done = OwnThread.run(() -> routes.switchTo("a", "green"));
    CompletableFuture<Void> answers =
        OwnThread.run(
            () -> {
              for (int i = 0; i < 4; i++) { // each names a revision that never comes
                scripted
                    .asked(i)
                    .answer()
                    .completeExceptionally(new RouteConflictException("a", 1, 99));
              }
            });
    ExecutionException fault =
        assertThrows(ExecutionException.class, () -> done.get(3, TimeUnit.SECONDS));
    assertInstanceOf(ProxyException.class, fault.getCause());
    assertFalse(answers.isCompletedExceptionally());
  }

  @Test
  void onAnIoThreadBlockingCallsAreRefusedAndApplyIsNot() {
    LiveRoutes<String> routes = inMemory();
    ioThread.set(true);
    assertThrows(IllegalStateException.class, () -> routes.put(route("a")));
    assertThrows(IllegalStateException.class, () -> routes.delete("a"));
    assertThrows(IllegalStateException.class, () -> routes.switchTo("a", "b"));
    assertDoesNotThrow(() -> routes.apply(RouteChange.of("test", Edit.put(route("a")))));
    assertDoesNotThrow(() -> routes.list());
  }

  @Test
  void whoWaitsWhenTheProxyClosesIsTold() {
    LiveRoutes<String> routes = scripted(LONG);
    scripted.deliver(1, false);
    CompletableFuture<String> fault = OwnThread.get(() -> fault(() -> routes.put(route("a"))));
    scripted.asked(0).answer().complete(2L);
    routes.close();
    assertTrue(Await.get("the fault", fault).contains("the proxy is closed"));
  }

  @Test
  void aStoreThatDoesNotDeliverIsNotWaitedForEndlessly() {
    LiveRoutes<String> routes =
        new LiveRoutes<>(
            scripted,
            tables,
            new LiveRoutes.Hooks(
                r -> {}, r -> {}, () -> false, e -> {}, SwitchDriver.Groups.UNKNOWN));
    assertFalse(routes.start(SHORT));
  }

  private LiveRoutes<String> inMemory() {
    MemoryRouteStore store = new MemoryRouteStore();
    opened = store;
    LiveRoutes<String> routes = new LiveRoutes<>(store, tables, hooks());
    assertTrue(routes.start(LONG));
    return routes;
  }

  /** On a store whose first snapshot, given by the test, is not waited for. */
  private LiveRoutes<String> scripted(Duration patience) {
    LiveRoutes<String> routes = new LiveRoutes<>(scripted, tables, hooks(), patience);
    assertFalse(routes.start(Duration.ZERO));
    return routes;
  }

  private LiveRoutes.Hooks hooks() {
    return new LiveRoutes.Hooks(
        LiveRoutesTest::validate, r -> {}, ioThread::get, events::add, SwitchDriver.Groups.UNKNOWN);
  }

  private static void validate(Route route) {
    if (route.balancing().name().equals("strange")) {
      throw new InvalidRouteException("balancer", "there is none of that name");
    }
  }

  private static String fault(Runnable call) {
    return String.valueOf(assertThrows(ProxyException.class, call::run).getMessage());
  }

  private static Route route(String id) {
    return Route.builder(id).host(id).to("http://x").build();
  }

  private static Route blueGreen(String id) {
    return Route.builder(id).host(id).group("blue", "http://x").group("green", "http://y").build();
  }

  /** A store whose apply does not return before it is let go. */
  private record Blocking(CompletableFuture<Long> go) implements RouteStore {
    @Override
    public void start(StoreListener listener) {
      listener.onSnapshot(new RouteSnapshot(0, Map.of(), Set.of(), Map.of(), false));
    }

    @Override
    public CompletionStage<Long> apply(RouteChange change) {
      return CompletableFuture.completedFuture(go.join());
    }

    @Override
    public String describe() {
      return "blocking";
    }

    @Override
    public void close() {}
  }

  /** A route leads to its id. */
  private static final class ToItsId implements Planner<String> {
    @Override
    public String plan(StoredRoute route, @Nullable String previous) {
      return route.route().id();
    }

    @Override
    public void dropped(String id, String previous) {}
  }
}
