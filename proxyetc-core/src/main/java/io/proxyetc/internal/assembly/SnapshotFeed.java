package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyException;
import io.proxyetc.internal.table.RouteTables;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears the store, on the store's thread: makes its snapshots live, tells who waits for them, and
 * knows whether the store is there.
 *
 * <pre>{@code
 * silent --first snapshot--> connected <--snapshot, CONNECTED / STALE--> away
 * }</pre>
 */
final class SnapshotFeed<R> implements RouteStore.StoreListener {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotFeed.class);

  private final RouteStore store;
  private final RouteTables<R> tables;
  private final Consumer<HealthEvent> events;
  private final RevisionWaiters waiters;
  private final CountDownLatch first = new CountDownLatch(1);

  /** Why the store is away; empty while it is there. Written on the store's thread. */
  private volatile String away = "";

  /** The store's thread while it makes a snapshot live. */
  private volatile @Nullable Thread installing;

  /** Whether the last snapshot could not be made live; of the store's thread. */
  private boolean missed;

  SnapshotFeed(
      RouteStore store,
      RouteTables<R> tables,
      Consumer<HealthEvent> events,
      RevisionWaiters waiters) {
    this.store = store;
    this.tables = tables;
    this.events = events;
    this.waiters = waiters;
  }

  /** Waits until a first snapshot is live; false if none came in time. */
  boolean awaitFirst(Duration bound) throws InterruptedException {
    return first.await(bound.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Why the store is away; empty while it is there. */
  String away() {
    return away;
  }

  /** Whether the caller is making a snapshot live: it must not wait for another one. */
  boolean installingHere() {
    return installing == Thread.currentThread();
  }

  @Override
  public void onSnapshot(RouteSnapshot snapshot) {
    if (!install(snapshot)) {
      return;
    }
    if (!snapshot.stale()) {
      onState(RouteStore.State.CONNECTED, "");
    }
    waiters.live(snapshot.revision());
    first.countDown();
  }

  private boolean install(RouteSnapshot snapshot) {
    installing = Thread.currentThread();
    try {
      tables.install(missed ? SnapshotRepair.of(snapshot, tables.current()) : snapshot);
      missed = false;
      return true;
    } catch (RuntimeException | Error e) { // the store's thread has to go on
      return installRepaired(snapshot, e);
    } finally {
      installing = null;
    }
  }

  /** What is wrong with single routes must not keep the others from being live. */
  private boolean installRepaired(RouteSnapshot snapshot, Throwable fault) {
    String what = store.describe() + ": revision " + snapshot.revision();
    try {
      tables.install(SnapshotRepair.of(snapshot, tables.current()));
      LOG.error("{} is not as it must be ({}): what is sound of it is live", what, fault, fault);
      missed = false;
      return true;
    } catch (RuntimeException | Error e) {
      missed = true;
      LOG.error("{} could not be made live; what is live goes on", what, e);
      waiters.failed(
          snapshot.revision(),
          what
              + " is stored, but could not be made live ("
              + (e instanceof ProxyException ? e.getMessage() : e)
              + "); what is live goes on");
      return false;
    }
  }

  @Override
  public void onState(RouteStore.State state, String detail) {
    boolean was = !away.isEmpty();
    boolean is = state == RouteStore.State.STALE;
    String reason = detail.isEmpty() ? "it does not answer" : detail;
    away = is ? reason : "";
    if (was != is) {
      HealthEvent.Kind kind = is ? HealthEvent.Kind.STORE_LOST : HealthEvent.Kind.STORE_FOUND;
      events.accept(new HealthEvent(kind, store.describe(), is ? reason : detail, Instant.now()));
    }
  }
}
