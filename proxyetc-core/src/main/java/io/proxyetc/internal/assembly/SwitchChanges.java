package io.proxyetc.internal.assembly;

import io.proxyetc.Route;
import io.proxyetc.RouteConflictException;
import io.proxyetc.internal.assembly.OneSwitch.Member;
import io.proxyetc.internal.assembly.SwitchEndings.Announced;
import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteChange.Edit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores what is due of a switch, as one revision; and waits longer where that fails again. */
final class SwitchChanges {
  private static final Logger LOG = LoggerFactory.getLogger(SwitchChanges.class);
  private static final String AUTHOR = "switch";

  /** After so many in a row, with no news of the route between them, something is wrong. */
  private static final int CONFLICTS = 5;

  private final Function<RouteChange, CompletableFuture<Long>> store;
  private final SwitchEndings endings;
  private final Runnable wake;

  /**
   * @param store stores a change; completes when it is live
   * @param wake called when the store has answered
   */
  SwitchChanges(
      Function<RouteChange, CompletableFuture<Long>> store, SwitchEndings endings, Runnable wake) {
    this.store = store;
    this.endings = endings;
    this.wake = wake;
  }

  /**
   * Gives these routes to the store, under the revisions that are live.
   *
   * @param ending why, for those routes that have no switch afterwards
   */
  void submit(
      OneSwitch one,
      Iterable<Member> members,
      Function<Member, Route> change,
      SwitchEnding ending) {
    List<Edit> edits = new ArrayList<>();
    Map<String, Announced> announced = new HashMap<>();
    for (Member member : members) {
      Route after = change.apply(member);
      edits.add(Edit.put(after, member.stored().revision()));
      if (after.running().isEmpty()) {
        announced.put(member.id(), endings.announce(member.running(), after, ending));
      }
    }
    RouteChange submitted = new RouteChange(edits, AUTHOR, "switch " + one.id());
    one.change(
        store
            .apply(submitted)
            .whenComplete(
                (revision, fault) -> {
                  if (fault != null) {
                    announced.forEach(endings::withdraw);
                  }
                  wake.run();
                }));
  }

  /** The store has answered. */
  void settled(OneSwitch one, CompletableFuture<Long> change, long now) {
    try {
      change.join();
      if (one.succeeded() > 0) {
        LOG.info("switch {} goes on: its change is stored", one.id());
      }
    } catch (CompletionException | CancellationException e) {
      logFailure(one, e.getCause() == null ? e : e.getCause(), one.failed(now));
    }
  }

  /**
   * @param failures in a row, this one among them
   */
  private static void logFailure(OneSwitch one, Throwable cause, int failures) {
    boolean conflict = cause instanceof RouteConflictException; // somebody was faster, as may be
    if (failures == (conflict ? CONFLICTS : 1)) {
      LOG.warn(
          "switch {} waits, and the traffic stays as it is, since its change could not be stored:"
              + " it is tried again until it can be ({})",
          one.id(),
          cause.getMessage());
    }
  }
}
