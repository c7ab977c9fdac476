package io.proxyetc.internal.store;

import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Routes that live as long as the process. Changes that wait together are delivered together. */
public final class MemoryRouteStore implements RouteStore {
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final ChangeQueue queue = new ChangeQueue("memory");
  private final StoreThread thread = new StoreThread("proxyetc-store-memory");

  /** Of the store's thread. */
  private Ledger ledger = Ledger.EMPTY;

  @Override
  public void start(StoreListener listener) {
    Delivery delivery = new Delivery(listener);
    queue.open();
    thread.start(() -> run(delivery));
  }

  private void run(Delivery delivery) {
    delivery.snapshot(snapshot(Set.of()));
    while (queue.isOpen()) {
      List<PendingChange> changes = queue.take(IDLE);
      if (!changes.isEmpty()) {
        commit(changes, delivery);
      }
    }
    queue.close(); // what came in meanwhile
  }

  private void commit(List<PendingChange> changes, Delivery delivery) {
    Batch batch = new Batch(ledger, changes);
    if (batch.after().revision() != ledger.revision()) {
      ledger = batch.after();
      delivery.snapshot(snapshot(batch.changed()));
    }
    batch.settle();
  }

  private RouteSnapshot snapshot(Set<String> changed) {
    return new RouteSnapshot(ledger.revision(), ledger.routes(), changed, Map.of(), false);
  }

  @Override
  public CompletionStage<Long> apply(RouteChange change) {
    return queue.add(change);
  }

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public void close() {
    queue.close();
    thread.join();
  }
}
