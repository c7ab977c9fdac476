package io.proxyetc.internal.store;

import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Any store, with a copy of its last good routes on disk. Where the store does not deliver in time,
 * or says at once that it is away, the copy is delivered as a stale snapshot; when the store comes,
 * its own snapshot follows. The copy is written by a thread of its own, a second after the first
 * change that it lacks.
 */
public final class LastGoodStore implements RouteStore {
  private static final Logger LOG = LoggerFactory.getLogger(LastGoodStore.class);
  private static final Duration PATIENCE = Duration.ofSeconds(9); // who starts waits for ten
  private static final Duration DEBOUNCE = Duration.ofSeconds(1);

  private final RouteStore store;
  private final SavedCopy copy;
  private final Duration patience;
  private final StoreThread thread = new StoreThread("proxyetc-last-good");

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();

  // Guarded by lock:
  private @Nullable RouteSnapshot unsaved;
  private boolean delivered;
  private boolean away;
  private boolean closed;

  public LastGoodStore(RouteStore store, Path file) {
    this(store, file, PATIENCE);
  }

  LastGoodStore(RouteStore store, Path file, Duration patience) {
    this.store = store;
    this.copy = new SavedCopy(file, FileBound.ofThisJvm());
    this.patience = patience;
  }

  @Override
  public void start(StoreListener listener) {
    Delivery delivery = new Delivery(listener);
    thread.start(() -> run(delivery)); // first: the store's start may take its time
    store.start(new Tap(delivery));
  }

  /** Stands between the store and its listener. */
  private final class Tap implements StoreListener {
    private final Delivery delivery;

    Tap(Delivery delivery) {
      this.delivery = delivery;
    }

    @Override
    public void onSnapshot(RouteSnapshot snapshot) {
      lock.lock();
      try {
        delivered = true;
        unsaved = snapshot.stale() ? unsaved : snapshot;
        news.signalAll();
        delivery.snapshot(snapshot);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void onState(State state, String detail) {
      lock.lock();
      try {
        away = state == State.STALE;
        news.signalAll();
        delivery.state(state, detail);
      } finally {
        lock.unlock();
      }
    }
  }

  private void run(Delivery delivery) {
    try {
      awaitStore();
      deliverCopy(delivery);
      while (true) {
        @Nullable RouteSnapshot snapshot = nextUnsaved();
        if (snapshot == null) {
          return;
        }
        save(snapshot);
      }
    } catch (InterruptedException e) {
      LOG.warn("interrupted: the last good routes are no longer kept");
    }
  }

  private void awaitStore() throws InterruptedException {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (!delivered && !away && !closed && left > 0) {
        left = news.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void deliverCopy(Delivery delivery) {
    Optional<Ledger> saved = Optional.empty();
    if (!isDelivered()) {
      saved = copy.load();
    }
    lock.lock();
    try {
      if (delivered || closed) {
        return; // the store came meanwhile
      }
      if (saved.isEmpty()) {
        delivery.state(
            State.STALE,
            store.describe() + " does not answer, and there is no copy at " + copy.path());
        return;
      }
      Ledger ledger = saved.get();
      LOG.warn(
          "{} does not answer: serving the {} routes of revision {} from {}",
          store.describe(),
          ledger.routes().size(),
          ledger.revision(),
          copy.path());
      delivery.snapshot(
          new RouteSnapshot(ledger.revision(), ledger.routes(), Set.of(), Map.of(), true));
      delivery.state(
          State.STALE, store.describe() + " does not answer; its last good routes serve");
    } finally {
      lock.unlock();
    }
  }

  private boolean isDelivered() {
    lock.lock();
    try {
      return delivered || closed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a snapshot, and a little for more of them; null when all is saved and closed. */
  private @Nullable RouteSnapshot nextUnsaved() throws InterruptedException {
    lock.lock();
    try {
      while (unsaved == null && !closed) {
        news.await();
      }
      long left = DEBOUNCE.toNanos();
      while (!closed && left > 0) {
        left = news.awaitNanos(left);
      }
      RouteSnapshot snapshot = unsaved;
      unsaved = null;
      return snapshot;
    } finally {
      lock.unlock();
    }
  }

  private void save(RouteSnapshot snapshot) {
    try {
      copy.save(snapshot.revision(), new TreeMap<>(snapshot.routes()).values());
    } catch (RuntimeException | Error e) { // later ones are to be kept
      LOG.error(
          "{}: revision {} could not be kept in {}; the copy stays as it was",
          store.describe(),
          snapshot.revision(),
          copy.path(),
          e);
    }
  }

  @Override
  public CompletionStage<Long> apply(RouteChange change) {
    return store.apply(change);
  }

  @Override
  public String describe() {
    return store.describe();
  }

  @Override
  public void close() {
    try {
      store.close();
    } finally {
      lock.lock();
      try {
        closed = true;
        news.signalAll();
      } finally {
        lock.unlock();
      }
      thread.join();
    }
  }
}
