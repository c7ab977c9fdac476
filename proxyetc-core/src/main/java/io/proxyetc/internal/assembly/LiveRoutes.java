package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.RouteConflictException;
import io.proxyetc.Routes;
import io.proxyetc.SwitchOptions;
import io.proxyetc.SwitchOutcome;
import io.proxyetc.internal.table.RouteTable;
import io.proxyetc.internal.table.RouteTables;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteChange.Edit;
import io.proxyetc.spi.RouteStore;
import io.proxyetc.spi.StoredRoute;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The routes of a running proxy: reads the live table, sends changes to the store and waits until
 * they are live.
 *
 * <pre>
 *   put ──► Admission ──► store.apply ──► durable as revision n ──┐
 *                             │                                   ├──► done
 *                       SnapshotFeed ──► tables.install ── n live ┘
 * </pre>
 */
final class LiveRoutes<R> implements Routes, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How much longer a change may take for which nobody blocks: it may be a large one. */
  private static final int ASYNCHRONOUS = 6;

  private static final int ATTEMPTS = 4;
  private static final String AUTHOR = "java";

  private final RouteStore store;
  private final RouteTables<R> tables;
  private final BooleanSupplier onIoThread;
  private final Duration patience;
  private final Admission admission;
  private final RevisionWaiters waiters = new RevisionWaiters();
  private final SnapshotFeed<R> feed;
  private final Followers followers = new Followers();
  private final SwitchDriver switches;

  /** The changes that are not done; each ends in time, by itself. */
  private final Set<Submission> underWay = ConcurrentHashMap.newKeySet();

  /**
   * What others contribute.
   *
   * @param validator refuses routes that could not be served, with an exception of their kind
   * @param files the same for the files that a route names; blocks for the disk
   * @param onIoThread whether the caller's thread must never block
   * @param events hears that the store was lost or found, and how switches go
   * @param groups whether the groups do well that switches lead to
   */
  record Hooks(
      Consumer<Route> validator,
      Consumer<Route> files,
      BooleanSupplier onIoThread,
      Consumer<HealthEvent> events,
      SwitchDriver.Groups groups) {}

  /**
   * @param store one whose calls return at once: see GuardedStore
   */
  LiveRoutes(RouteStore store, RouteTables<R> tables, Hooks hooks) {
    this(store, tables, hooks, PATIENCE);
  }

  LiveRoutes(RouteStore store, RouteTables<R> tables, Hooks hooks, Duration patience) {
    this.store = store;
    this.tables = tables;
    this.onIoThread = hooks.onIoThread();
    this.patience = patience;
    this.admission = new Admission(hooks.validator(), hooks.files());
    this.feed = new SnapshotFeed<>(store, tables, hooks.events(), waiters);
    this.switches =
        new SwitchDriver(
            tables,
            change -> submit(change, patience),
            this::edit,
            followers,
            hooks.events(),
            hooks.groups());
  }

  /** Starts the store and waits for the first snapshot; false if none came in time. */
  boolean start(Duration bound) {
    long begin = System.nanoTime();
    store.start(feed);
    try {
      return feed.awaitFirst(bound.minusNanos(System.nanoTime() - begin));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProxyException(
          "interrupted while waiting for the first routes of " + store.describe(), e);
    }
  }

  // What is live.

  @Override
  public Collection<Route> list() {
    return tables.current().routes().stream()
        .map(StoredRoute::route)
        .sorted(Comparator.comparing(Route::id))
        .toList();
  }

  @Override
  public Optional<Route> get(String id) {
    return stored(id).map(StoredRoute::route);
  }

  @Override
  public Optional<StoredRoute> stored(String id) {
    return Optional.ofNullable(tables.current().stored(id));
  }

  @Override
  public long revision() {
    return tables.current().revision();
  }

  @Override
  public Map<String, String> refused() {
    return tables.current().refused();
  }

  // Changes.

  @Override
  public void put(Route route) {
    await(RouteChange.of(AUTHOR, Edit.put(route)), patience);
  }

  @Override
  public boolean delete(String id) {
    refuseToBlock();
    long until = System.nanoTime() + patience.toNanos();
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      Optional<StoredRoute> live = stored(id);
      if (live.isEmpty()) {
        break;
      }
      try {
        Edit delete = new Edit.Delete(id, OptionalLong.of(live.get().revision()));
        await(RouteChange.of(AUTHOR, delete), left(until));
        return true;
      } catch (RouteConflictException e) {
        if (e.actual() == 0) {
          return false;
        }
        waiters.await(e.actual(), left(until));
      }
    }
    boolean there = get(id).isPresent() || refused().containsKey(id);
    await(RouteChange.of(AUTHOR, Edit.delete(id)), left(until));
    return there;
  }

  @Override
  public void switchTo(String id, String group) {
    switchTo(Map.of(id, group));
  }

  @Override
  public void switchTo(Map<String, String> groups) {
    switches.calls().atOnce(groups);
  }

  @Override
  public CompletionStage<SwitchOutcome> switchTo(String id, String group, SwitchOptions options) {
    return switchTo(Map.of(id, group), options);
  }

  @Override
  public CompletionStage<SwitchOutcome> switchTo(
      Map<String, String> groups, SwitchOptions options) {
    return switches.calls().begin(groups, options);
  }

  @Override
  public CompletionStage<SwitchOutcome> switchOutcome(String id) {
    return switches.calls().outcome(id);
  }

  @Override
  public void pauseSwitch(String id) {
    switches.calls().pause(id, true);
  }

  @Override
  public void resumeSwitch(String id) {
    switches.calls().pause(id, false);
  }

  @Override
  public void abortSwitch(String id) {
    switches.calls().abort(id);
  }

  /** Where somebody was faster, the edits are made again from what is live then. */
  private void edit(String reason, Function<RouteTable<?>, List<Edit>> edits) {
    refuseToBlock();
    long until = System.nanoTime() + patience.toNanos();
    for (int attempt = 1; ; attempt++) {
      List<Edit> made = edits.apply(tables.current());
      if (made.isEmpty()) {
        return;
      }
      try {
        await(new RouteChange(made, AUTHOR, reason), left(until));
        return;
      } catch (RouteConflictException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        waiters.await(e.actual(), left(until));
      }
    }
  }

  /**
   * @return completes on a thread of {@link Followers}, so that it may be followed by what blocks
   */
  @Override
  public CompletionStage<Long> apply(RouteChange change) {
    if (!followers.enter()) {
      return CompletableFuture.failedStage(
          new ProxyException(
              Admission.describe(change)
                  + ": too many changes wait to be followed by what their callers do; let those"
                  + " block less, or wait for one change before the next"));
    }
    CompletableFuture<Long> submitted;
    try {
      submitted = submit(change, patience.multipliedBy(ASYNCHRONOUS));
    } catch (RuntimeException | Error e) {
      followers.leave();
      throw e;
    }
    return submitted.whenCompleteAsync((revision, fault) -> {}, followers).minimalCompletionStage();
  }

  private CompletableFuture<Long> submit(RouteChange change, Duration bound) {
    String what = Admission.describe(change);
    try {
      refuseWhileAway(what);
      admission.check(change, tables.current());
    } catch (ProxyException e) {
      return CompletableFuture.failedFuture(e);
    }
    Submission submission = new Submission(what, store.describe(), bound);
    underWay.add(submission);
    submission.follow(store.apply(change), waiters);
    return submission
        .done()
        .whenComplete((revision, fault) -> underWay.remove(submission))
        .thenApply(
            revision -> {
              Admission.checkLive(change, revision, tables.current());
              return revision;
            });
  }

  private void refuseWhileAway(String what) {
    String reason = feed.away();
    if (!reason.isEmpty()) {
      throw new ProxyException(
          what
              + ": routes cannot be changed now, because "
              + store.describe()
              + " is away ("
              + reason
              + "); what is live goes on; try again when the store is back");
    }
  }

  // Waiting.

  private void await(RouteChange change, Duration bound) {
    refuseToBlock();
    admission.checkFiles(change);
    try {
      submit(change, bound).get();
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProxyException(
          Admission.describe(change)
              + ": interrupted while waiting; whether the change was made is unknown",
          e);
    }
  }

  /** What is left of a call's time, and never nothing: the last attempt says what is wrong. */
  private static Duration left(long until) {
    return Duration.ofNanos(Math.max(1_000_000, until - System.nanoTime()));
  }

  private void refuseToBlock() {
    if (onIoThread.getAsBoolean() || feed.installingHere()) {
      throw new IllegalStateException(
          "routes: this call blocks, and must not be made on the thread "
              + Thread.currentThread().getName()
              + ", which serves requests; use apply(…) there");
    }
  }

  /** The fault itself where it is one of ours: its stack shows where it arose. */
  private static RuntimeException rethrown(@Nullable Throwable fault) {
    if (fault instanceof ProxyException ours) {
      return ours;
    }
    return new ProxyException(
        "routes: the store failed: " + fault, fault == null ? new IllegalStateException() : fault);
  }

  /** Closes the store, and fails what still waits. */
  @Override
  public void close() {
    switches.close();
    store.close();
    waiters.close(store.describe());
    underWay.forEach(Submission::proxyClosed);
    followers.close();
  }
}
