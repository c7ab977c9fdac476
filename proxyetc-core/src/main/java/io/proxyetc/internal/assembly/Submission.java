package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A change on its way: first the store makes it durable, then it becomes live. Bounded in time. */
final class Submission {
  private final String what;
  private final String store;
  private final Duration patience;
  private final CompletableFuture<Long> done = new CompletableFuture<>();

  /** The revision that the store gave; 0 until it did. */
  private volatile long stored;

  Submission(String what, String store, Duration patience) {
    this.what = what;
    this.store = store;
    this.patience = patience;
  }

  /** Completes with the revision when the change is durable and live. */
  CompletableFuture<Long> done() {
    return done.handle(this::outcome);
  }

  /** The proxy closes: nobody is left to make it live, or to say that it is. */
  void proxyClosed() {
    done.completeExceptionally(
        new ProxyException(
            what + ": the proxy was closed; whether the change was made is unknown to it"));
  }

  void follow(CompletionStage<Long> applied, RevisionWaiters waiters) {
    applied.whenComplete(
        (revision, fault) -> {
          if (fault != null) {
            done.completeExceptionally(fault);
            return;
          }
          stored = revision;
          CompletableFuture<Long> live = waiters.until(revision);
          var unused = live.whenComplete((r, f) -> settle(revision, f));
          unused = done.whenComplete((r, f) -> waiters.forget(revision, live));
        });
    done.orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void settle(long revision, @Nullable Throwable fault) {
    if (fault == null) {
      done.complete(revision);
    } else {
      done.completeExceptionally(fault);
    }
  }

  private long outcome(@Nullable Long revision, @Nullable Throwable fault) {
    if (revision != null) {
      return revision;
    }
    Throwable cause =
        fault instanceof CompletionException && fault.getCause() != null ? fault.getCause() : fault;
    if (cause instanceof ProxyException ours) {
      throw ours;
    }
    if (cause instanceof TimeoutException) {
      throw new ProxyException(late());
    }
    throw new ProxyException(
        what + ": " + store + " failed: " + cause,
        cause == null ? new IllegalStateException("no reason was given") : cause);
  }

  private String late() {
    String after = " within " + patience.toMillis() / 1000.0 + " s; ";
    return stored == 0
        ? what
            + ": "
            + store
            + " did not confirm the change"
            + after
            + "whether it was made is unknown: read the route again before you repeat the change"
        : what
            + ": the change is stored as revision "
            + stored
            + ", but was not live here"
            + after
            + "it becomes live when the proxy has read it from "
            + store;
  }
}
