package io.proxyetc.internal.store;

import io.proxyetc.RouteConflictException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Changes that become durable together, each as a revision of its own. Nobody is told anything
 * before it is known whether they did: a conflict with a change that was then lost is none.
 */
final class Batch {
  private final List<PendingChange> changes;
  private final List<Runnable> verdicts = new ArrayList<>();
  private final Set<String> changed = new LinkedHashSet<>();
  private Ledger after;

  Batch(Ledger before, List<PendingChange> changes) {
    this.changes = changes;
    after = before;
    changes.forEach(this::judge);
  }

  private void judge(PendingChange pending) {
    try {
      after = after.after(pending.change(), changed);
      long revision = after.revision();
      verdicts.add(() -> pending.done().complete(revision));
    } catch (RouteConflictException e) {
      verdicts.add(() -> pending.done().completeExceptionally(e));
    }
  }

  /** What the store holds afterwards. */
  Ledger after() {
    return after;
  }

  /** The ids that were put or deleted, in that order. */
  Set<String> changed() {
    return changed;
  }

  /** Tells everybody what became of their change. */
  void settle() {
    verdicts.forEach(Runnable::run);
  }

  /** Tells everybody that nothing was changed. */
  void fail(RuntimeException fault) {
    changes.forEach(pending -> pending.done().completeExceptionally(fault));
  }
}
