package io.proxyetc.internal.assembly;

import io.proxyetc.InvalidRouteException;
import io.proxyetc.ProxyException;
import io.proxyetc.Route;
import io.proxyetc.RouteConflictException;
import io.proxyetc.Routes;
import io.proxyetc.internal.table.RouteTables;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteChange.Edit;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore;
import io.proxyetc.spi.StoredRoute;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between a store and the live table. It hears the store (on the store's thread) and installs what
 * comes; it sends changes to the store and waits until they are live.
 *
 * <pre>
 *   put ──► checks ──► store.apply ──► durable as revision n ──┐
 *                          │                                   ├──► done
 *                      onSnapshot ──► tables.install ── n live ┘
 * </pre>
 */
final class LiveRoutes<R> implements Routes, RouteStore.StoreListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** How much longer a change may take for which nobody blocks: it may be a large one. */
  private static final int ASYNCHRONOUS = 6;

  private static final int ATTEMPTS = 4;
  private static final String AUTHOR = "java";

  private final RouteStore store;
  private final RouteTables<R> tables;
  private final Hooks hooks;
  private final Duration patience;
  private final RevisionWaiters waiters = new RevisionWaiters();
  private final CountDownLatch first = new CountDownLatch(1);

  /** Why the store is away; empty while it is there. Written on the store's thread. */
  private volatile String away = "";

  /** The store's thread while it makes a snapshot live. */
  private volatile @Nullable Thread installing;

  /**
   * What others contribute.
   *
   * @param validator refuses routes that could not be served, with an exception of their kind
   * @param files the same for the files that a route names; blocks for the disk
   * @param onIoThread whether the caller's thread must never block
   * @param events hears that the store was lost or found
   */
  record Hooks(
      Consumer<Route> validator,
      Consumer<Route> files,
      BooleanSupplier onIoThread,
      Consumer<HealthEvent> events) {}

  LiveRoutes(RouteStore store, RouteTables<R> tables, Hooks hooks) {
    this(store, tables, hooks, PATIENCE);
  }

  LiveRoutes(RouteStore store, RouteTables<R> tables, Hooks hooks, Duration patience) {
    this.store = store;
    this.tables = tables;
    this.hooks = hooks;
    this.patience = patience;
  }

  /** Starts the store and waits for the first snapshot; false if none came in time. */
  boolean start(Duration bound) {
    store.start(this);
    try {
      return first.await(bound.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProxyException(
          "interrupted while waiting for the first routes of " + store.describe(), e);
    }
  }

  // What the store tells.

  @Override
  public void onSnapshot(RouteSnapshot snapshot) {
    installing = Thread.currentThread();
    try {
      tables.install(snapshot);
    } finally {
      installing = null;
    }
    if (!snapshot.stale()) {
      onState(RouteStore.State.CONNECTED, "");
    }
    waiters.live(snapshot.revision());
    first.countDown();
  }

  @Override
  public void onState(RouteStore.State state, String detail) {
    boolean was = !away.isEmpty();
    boolean is = state == RouteStore.State.STALE;
    String reason = detail.isEmpty() ? "it does not answer" : detail;
    away = is ? reason : "";
    if (was != is) {
      HealthEvent.Kind kind = is ? HealthEvent.Kind.STORE_LOST : HealthEvent.Kind.STORE_FOUND;
      hooks
          .events()
          .accept(new HealthEvent(kind, store.describe(), is ? reason : detail, Instant.now()));
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
    await(RouteChange.of(AUTHOR, Edit.put(route)));
  }

  @Override
  public boolean delete(String id) {
    refuseToBlock();
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      Optional<StoredRoute> live = stored(id);
      if (live.isEmpty()) {
        break;
      }
      try {
        await(
            RouteChange.of(
                AUTHOR, new Edit.Delete(id, java.util.OptionalLong.of(live.get().revision()))));
        return true;
      } catch (RouteConflictException e) {
        if (e.actual() == 0) {
          return false;
        }
        awaitLive(e.actual());
      }
    }
    boolean there = get(id).isPresent() || refused().containsKey(id);
    await(RouteChange.of(AUTHOR, Edit.delete(id)));
    return there;
  }

  @Override
  public void switchTo(String id, String group) {
    switchTo(Map.of(id, group));
  }

  @Override
  public void switchTo(Map<String, String> groups) {
    refuseToBlock();
    for (int attempt = 1; !groups.isEmpty(); attempt++) {
      try {
        await(new RouteChange(switched(groups), AUTHOR, "switch"));
        return;
      } catch (RouteConflictException e) {
        if (attempt == ATTEMPTS) {
          throw e;
        }
        awaitLive(e.actual());
      }
    }
  }

  private List<Edit> switched(Map<String, String> groups) {
    List<Edit> edits = new ArrayList<>();
    new TreeMap<>(groups)
        .forEach(
            (id, group) -> {
              StoredRoute live = stored(id).orElseThrow(() -> noSuchRoute(id));
              Route route = live.route();
              if (!route.groups().containsKey(group)) {
                throw new ProxyException(
                    "route "
                        + id
                        + ": there is no group '"
                        + group
                        + "' to switch to; it has "
                        + new TreeSet<>(route.groups().keySet()));
              }
              edits.add(Edit.put(route.toBuilder().active(group).build(), live.revision()));
            });
    return edits;
  }

  private ProxyException noSuchRoute(String id) {
    Map<String, String> refused = refused();
    if (refused.containsKey(id)) {
      return new ProxyException("route " + id + " is not live: " + refused.get(id));
    }
    List<String> some =
        tables.current().routes().stream().map(s -> s.route().id()).sorted().limit(11).toList();
    String there =
        some.isEmpty()
            ? "there is none at all"
            : "there are "
                + String.join(", ", some.subList(0, Math.min(10, some.size())))
                + (some.size() > 10 ? " and others" : "");
    return new ProxyException("there is no route '" + id + "'; " + there);
  }

  /**
   * @return completes on another thread than the store's, so that it may be followed by what blocks
   */
  @Override
  public CompletionStage<Long> apply(RouteChange change) {
    return submit(change, patience.multipliedBy(ASYNCHRONOUS))
        .whenCompleteAsync((revision, fault) -> {})
        .minimalCompletionStage();
  }

  private CompletableFuture<Long> submit(RouteChange change, Duration bound) {
    try {
      check(change);
      Submission submission = new Submission(describe(change), store.describe(), bound);
      submission.follow(store.apply(change), waiters);
      return submission.done().thenApply(revision -> live(change, revision));
    } catch (ProxyException e) {
      return CompletableFuture.failedFuture(e);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(
          new ProxyException(describe(change) + ": " + store.describe() + " failed: " + e, e));
    }
  }

  private void check(RouteChange change) {
    String reason = away;
    if (!reason.isEmpty()) {
      throw new ProxyException(
          describe(change)
              + ": routes cannot be changed now, because "
              + store.describe()
              + " is away ("
              + reason
              + "); what is live goes on; try again when the store is back");
    }
    List<Route> puts = new ArrayList<>();
    Set<String> deletes = new HashSet<>();
    for (Edit edit : change.edits()) {
      if (edit instanceof Edit.Put put) {
        validate(put.route());
        puts.add(put.route());
      } else {
        deletes.add(edit.id());
      }
    }
    RouteTables.check(puts, deletes, tables.current());
  }

  /** Only where the caller may wait for the disk; others hear of it when it is stored. */
  private void checkFiles(Edit edit) {
    if (edit instanceof Edit.Put put) {
      hooks.files().accept(put.route());
    }
  }

  private void validate(Route route) {
    try {
      hooks.validator().accept(route);
    } catch (InvalidRouteException e) {
      throw e.path().startsWith("route ") ? e : e.under("route " + route.id() + ": ");
    }
  }

  /** Two changes at once may pass their checks and still collide: then the table refused one. */
  private long live(RouteChange change, long revision) {
    for (Edit edit : change.edits()) {
      String reason = edit instanceof Edit.Put ? refused().get(edit.id()) : null;
      if (reason != null) {
        throw new ProxyException(
            reason
                + " (it is stored as revision "
                + revision
                + ", but not live: delete or change it)");
      }
    }
    return revision;
  }

  private static String describe(RouteChange change) {
    int more = change.edits().size() - 1;
    return more < 0
        ? "an empty change"
        : "route " + change.edits().get(0).id() + (more > 0 ? " and " + more + " more" : "");
  }

  // Waiting.

  private void await(RouteChange change) {
    refuseToBlock();
    change.edits().forEach(this::checkFiles);
    try {
      submit(change, patience).get();
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProxyException(
          describe(change) + ": interrupted while waiting; whether the change was made is unknown",
          e);
    }
  }

  private void awaitLive(long revision) {
    waiters.await(revision, patience);
  }

  private void refuseToBlock() {
    if (hooks.onIoThread().getAsBoolean() || installing == Thread.currentThread()) {
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

  /** Closes the store, which may take its time but not for ever, and fails what still waits. */
  @Override
  public void close() {
    Thread closing = new Thread(this::closeStore, Thread.currentThread().getName() + "-store");
    closing.setDaemon(true);
    closing.start();
    try {
      closing.join(patience.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closing.isAlive()) {
      LOG.warn(
          "{} does not close within {} s: it is left to itself",
          store.describe(),
          patience.toSeconds());
    }
    waiters.close(store.describe());
  }

  private void closeStore() {
    try {
      store.close();
    } catch (RuntimeException e) {
      LOG.warn("{} did not close cleanly", store.describe(), e);
    }
  }
}
