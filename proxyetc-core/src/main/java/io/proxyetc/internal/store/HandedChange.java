package io.proxyetc.internal.store;

import io.proxyetc.ProxyException;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A change on its way to a store that somebody else wrote. Either the store gets it, or whoever
 * asked is told that it was not made: never both.
 *
 * <pre>{@code
 * waiting --> handed to the store --> done, by the store
 *        \-> refused: its turn did not come in time, or never will
 * }</pre>
 */
final class HandedChange implements Runnable {
  private final String name;
  private final RouteStore store;
  private final RouteChange change;
  private final CompletableFuture<Long> done = new CompletableFuture<>();

  /** Its turn: completes once, either way. */
  private final CompletableFuture<Boolean> turn = new CompletableFuture<>();

  HandedChange(String name, RouteStore store, RouteChange change, Duration patience) {
    this.name = name;
    this.store = store;
    this.change = change;
    var unused =
        turn.orTimeout(patience.toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete(
                (came, late) -> {
                  if (late != null) {
                    done.completeExceptionally(
                        notMade(
                            "an earlier call to the store has not returned (start(…) and apply(…)"
                                + " must not block); try again later"));
                  }
                });
  }

  CompletionStage<Long> done() {
    return done;
  }

  /** It will not be handed over, unless it was already. */
  void refuse(String why) {
    if (turn.complete(false)) {
      done.completeExceptionally(notMade(why));
    }
  }

  private ProxyException notMade(String why) {
    return new ProxyException(name + ": the change was not made: " + why);
  }

  @Override
  public void run() {
    if (!turn.complete(true)) {
      return;
    }
    try {
      @Nullable CompletionStage<Long> applied = store.apply(change);
      if (applied == null) {
        throw new ProxyException(broken("gave null for a change"));
      }
      applied.whenComplete(this::settle);
    } catch (Throwable e) { // a fault of this change only
      done.completeExceptionally(e);
    }
  }

  private void settle(@Nullable Long revision, @Nullable Throwable fault) {
    if (fault != null) {
      done.completeExceptionally(fault);
    } else if (revision == null) {
      done.completeExceptionally(
          new ProxyException(broken("completed a change without a revision")));
    } else {
      done.complete(revision);
    }
  }

  private String broken(String what) {
    return name
        + ": apply(…) "
        + what
        + "; whether it was made is unknown: read the route again before you repeat the change";
  }
}
