package io.proxyetc.internal.store;

import io.proxyetc.ProxyException;
import io.proxyetc.spi.RouteChange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Changes on their way to a store's one thread: bounded, so that a slow disk says so. */
final class ChangeQueue {
  /** How many changes wait at most. */
  static final int CAPACITY = 16_384;

  /** How many changes become one write at most. */
  private static final int BATCH = 4_096;

  private final String store;
  private final LinkedBlockingQueue<PendingChange> waiting = new LinkedBlockingQueue<>(CAPACITY);
  private volatile boolean open;

  ChangeQueue(String store) {
    this.store = store;
  }

  /** From now on changes are taken. */
  void open() {
    open = true;
  }

  /** Adds a change, or refuses it. Never blocks. */
  CompletionStage<Long> add(RouteChange change) {
    PendingChange pending = new PendingChange(change, new CompletableFuture<>());
    if (!open) {
      return CompletableFuture.failedFuture(closed());
    }
    if (!waiting.offer(pending)) {
      return CompletableFuture.failedFuture(
          new ProxyException(
              store
                  + ": the store is busy: "
                  + CAPACITY
                  + " changes are waiting; try again later"));
    }
    if (!open && waiting.remove(pending)) { // closed in between: nobody would take it
      pending.done().completeExceptionally(closed());
    }
    return pending.done().minimalCompletionStage();
  }

  /** Waits for changes for a while; empty if none came, or if the queue closed. */
  List<PendingChange> take(Duration patience) {
    List<PendingChange> batch = new ArrayList<>();
    try {
      @Nullable PendingChange first = waiting.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (first != null && first.change().edits().isEmpty() && !open) {
        return batch; // the wake-up call of close()
      }
      if (first != null) {
        batch.add(first);
        waiting.drainTo(batch, BATCH - 1);
      }
    } catch (InterruptedException e) {
      return batch; // nobody has a reason to interrupt the store's thread: carry on
    }
    return batch;
  }

  boolean isOpen() {
    return open;
  }

  /** Takes no more changes and fails those that wait. */
  void close() {
    open = false;
    List<PendingChange> left = new ArrayList<>();
    waiting.drainTo(left);
    left.forEach(pending -> pending.done().completeExceptionally(closed()));
    waiting.offer(new PendingChange(RouteChange.of(""), new CompletableFuture<>())); // wakes take()
  }

  private ProxyException closed() {
    return new ProxyException(store + ": the store is closed, or not yet started");
  }
}
