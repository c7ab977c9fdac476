package io.proxyetc.internal.store;

import io.proxyetc.ProxyException;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteStore;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between the proxy and a store that somebody else wrote. Each call returns in bounded time
 * and throws nothing but {@link ProxyException}, whatever the store does.
 *
 * <pre>{@code
 * start, apply ----> bounded queue --> one thread --> the store
 * describe, close -----> a thread of its own each --> the store
 * listener <--------- GuardedListener <------------ the store's threads
 * }</pre>
 *
 * <p>The one thread is there while it has work. A store that blocks it keeps later changes waiting
 * for their turn, and each of them gives up after a while, knowing that it was not made.
 */
public final class GuardedStore implements RouteStore {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedStore.class);

  /** How long start and close may take; who starts a proxy waits as long for the first routes. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final Duration IDLE = Duration.ofSeconds(10);

  private final RouteStore store;
  private final Duration patience;
  private final ThreadPoolExecutor calls;
  private final String name;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable GuardedListener listener;

  public GuardedStore(RouteStore store) {
    this(store, PATIENCE);
  }

  GuardedStore(RouteStore store, Duration patience) {
    this.store = store;
    this.patience = patience;
    this.calls =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(ChangeQueue.CAPACITY),
            task -> daemon(task, "proxyetc-store-calls"));
    calls.allowCoreThreadTimeOut(true);
    this.name = described();
  }

  private static Thread daemon(Runnable task, String threadName) {
    Thread thread = new Thread(task, threadName);
    thread.setDaemon(true);
    return thread;
  }

  /** Whatever it says of itself; its class where it says nothing. */
  private String described() {
    String fallback = "store " + store.getClass().getName();
    FutureTask<String> describing = new FutureTask<>(store::describe);
    daemon(describing, "proxyetc-store-name").start(); // if it hangs, nothing else does
    try {
      @Nullable String said =
          describing.get(patience.dividedBy(10).toMillis(), TimeUnit.MILLISECONDS);
      if (said != null && !said.isBlank()) {
        return said;
      }
      LOG.warn("{}: describe() says nothing: it is called by its class", fallback);
    } catch (ExecutionException e) {
      LOG.warn("{}: describe() failed: it is called by its class", fallback, e.getCause());
    } catch (TimeoutException e) {
      LOG.warn("{}: describe() does not return: it is called by its class", fallback);
      describing.cancel(true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return fallback;
  }

  private <T> CompletableFuture<T> onThread(Callable<T> call) {
    CompletableFuture<T> done = new CompletableFuture<>();
    calls.execute(
        () -> {
          try {
            done.complete(call.call());
          } catch (Exception | Error e) { // whatever it throws, the thread goes on
            done.completeExceptionally(e);
          }
        });
    return done;
  }

  @Override
  public void start(StoreListener to) {
    GuardedListener guarded = new GuardedListener(name, to);
    listener = guarded;
    CompletableFuture<Boolean> started =
        onThread(
            () -> {
              store.start(guarded);
              return true;
            });
    try {
      started.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw notStarted(e.getCause());
    } catch (TimeoutException e) {
      guarded.unlessHeard("start(…) has not returned for " + seconds(patience));
      var unused =
          started.whenComplete(
              (ok, fault) -> {
                if (fault != null) {
                  guarded.onState(State.STALE, notStarted(fault).getMessage());
                }
              });
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProxyException(name + ": interrupted while it was started", e);
    }
  }

  private ProxyException notStarted(@Nullable Throwable fault) {
    return fault instanceof ProxyException ours
        ? ours
        : new ProxyException(
            name + " did not start: " + fault + "; remove the cause, or give another store", fault);
  }

  @Override
  public CompletionStage<Long> apply(RouteChange change) {
    HandedChange handed = new HandedChange(name, store, change, patience.dividedBy(2));
    try {
      calls.execute(handed);
    } catch (RejectedExecutionException e) {
      handed.refuse(
          calls.isShutdown()
              ? "the store is closed"
              : ChangeQueue.CAPACITY + " changes are waiting; try again later");
    }
    return handed.done();
  }

  @Override
  public String describe() {
    return name;
  }

  /** Leaves a store to itself that does not close in time; its thread is interrupted. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    Thread closing = daemon(this::closeStore, Thread.currentThread().getName() + "-store");
    closing.start();
    try {
      closing.join(patience.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closing.isAlive()) {
      LOG.warn("{} does not close within {}: it is left to itself", name, seconds(patience));
    }
    GuardedListener deaf = listener;
    if (deaf != null) {
      deaf.close();
    }
    for (Runnable left : calls.shutdownNow()) {
      if (left instanceof HandedChange handed) {
        handed.refuse("the store is closed");
      }
    }
  }

  private void closeStore() {
    try {
      store.close();
    } catch (Throwable e) {
      LOG.warn("{} did not close cleanly", name, e);
    }
  }

  private static String seconds(Duration time) {
    return time.toMillis() / 1000.0 + " s";
  }
}
