package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Those who wait until a revision is live. Safe for any thread. */
final class RevisionWaiters {
  private final NavigableMap<Long, List<CompletableFuture<Long>>> waiting = new TreeMap<>();
  private long live = -1;
  private boolean closed;

  /** Completes with the revision as soon as it, or a later one, is live. */
  CompletableFuture<Long> until(long revision) {
    synchronized (this) {
      if (revision > live && !closed) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        waiting.computeIfAbsent(revision, r -> new ArrayList<>(1)).add(done);
        return done;
      }
      return revision <= live
          ? CompletableFuture.completedFuture(revision)
          : CompletableFuture.failedFuture(new ProxyException("the proxy is closed"));
    }
  }

  /** Waits a while for a revision; returns in any case. */
  void await(long revision, Duration patience) {
    CompletableFuture<Long> done = until(revision);
    try {
      done.copy().orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS).join();
    } catch (CompletionException e) {
      forget(revision, done); // whoever waited looks again, and fails with a better reason
    }
  }

  synchronized void forget(long revision, CompletableFuture<Long> done) {
    List<CompletableFuture<Long>> same = waiting.get(revision);
    if (same != null && same.removeIf(waiter -> waiter == done) && same.isEmpty()) {
      waiting.remove(revision);
    }
  }

  /** This revision is live now. */
  void live(long revision) {
    List<CompletableFuture<Long>> done = new ArrayList<>();
    synchronized (this) {
      live = revision;
      NavigableMap<Long, List<CompletableFuture<Long>>> reached = waiting.headMap(revision, true);
      reached.values().forEach(done::addAll);
      reached.clear();
    }
    done.forEach(waiter -> waiter.complete(revision));
  }

  /** This revision will not become live. A later one may, but whoever waits is told now. */
  void failed(long revision, String why) {
    List<CompletableFuture<Long>> left = new ArrayList<>();
    synchronized (this) {
      NavigableMap<Long, List<CompletableFuture<Long>>> passed = waiting.headMap(revision, true);
      passed.values().forEach(left::addAll);
      passed.clear();
    }
    left.forEach(waiter -> waiter.completeExceptionally(new ProxyException(why)));
  }

  void close(String store) {
    List<CompletableFuture<Long>> left = new ArrayList<>();
    synchronized (this) {
      closed = true;
      waiting.values().forEach(left::addAll);
      waiting.clear();
    }
    ProxyException fault =
        new ProxyException(
            store + ": the proxy is closed; the change is stored, but was not made live");
    left.forEach(waiter -> waiter.completeExceptionally(fault));
  }
}
