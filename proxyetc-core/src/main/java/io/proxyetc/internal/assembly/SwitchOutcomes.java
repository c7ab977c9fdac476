package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyException;
import io.proxyetc.SwitchOutcome;
import io.proxyetc.SwitchOutcome.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Those who wait for the end of a switch. Safe for any thread. */
final class SwitchOutcomes {
  /** Who waits for one switch; live: it was live already, so that its absence means its end. */
  private static final class Waiting {
    private final CompletableFuture<SwitchOutcome> done = new CompletableFuture<>();
    private volatile boolean live;
  }

  private final Map<String, Waiting> waiting = new ConcurrentHashMap<>();
  private final Followers followers;
  private volatile boolean closed;

  SwitchOutcomes(Followers followers) {
    this.followers = followers;
  }

  /** The end of a switch, that may be about to begin. */
  CompletionStage<SwitchOutcome> of(String switchId) {
    Waiting one = waiting.computeIfAbsent(switchId, id -> waiting());
    if (closed) {
      fail(switchId);
    }
    return one.done.minimalCompletionStage();
  }

  private Waiting waiting() {
    if (!followers.enter()) {
      throw new ProxyException("too many changes and switches wait for what their callers do");
    }
    return new Waiting();
  }

  /** It is live, or was so. */
  void live(String switchId) {
    Waiting one = waiting.get(switchId);
    if (one != null) {
      one.live = true;
    }
  }

  /** It did not begin. */
  void forget(String switchId) {
    if (waiting.remove(switchId) != null) {
      followers.leave();
    }
  }

  /** Those that have been live. */
  List<String> awaited() {
    List<String> ids = new ArrayList<>();
    waiting.forEach(
        (id, one) -> {
          if (one.live) {
            ids.add(id);
          }
        });
    return ids;
  }

  /** It has ended. What follows runs elsewhere. */
  void ended(String switchId, SwitchEnding ending) {
    SwitchOutcome outcome = new SwitchOutcome(switchId, ending.result(), ending.reason());
    Waiting one = waiting.remove(switchId);
    if (one != null) {
      followers.execute(() -> one.done.complete(outcome));
    }
  }

  /** It was over before it was seen. */
  void missed(String switchId) {
    ended(
        switchId,
        SwitchEnding.of(Result.ABORTED, "somebody changed the routes, which ended the switch"));
  }

  private void fail(String switchId) {
    Waiting one = waiting.remove(switchId);
    if (one != null) {
      ProxyException fault =
          new ProxyException(
              "switch "
                  + switchId
                  + ": the proxy was closed; the switch goes on when it is started again with the"
                  + " same store");
      followers.execute(() -> one.done.completeExceptionally(fault));
    }
  }

  /** Nobody is left to end them. */
  void close() {
    closed = true;
    List.copyOf(waiting.keySet()).forEach(this::fail);
  }
}
