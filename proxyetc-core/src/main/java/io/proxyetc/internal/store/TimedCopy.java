package io.proxyetc.internal.store;

import java.time.Duration;
import java.util.Collection;

/**
 * The copy of the last good routes, and when it is written: at once where the file no longer holds
 * what was acknowledged, else when the store is quiet. Of the store's thread.
 */
final class TimedCopy {
  /** The copy is written when nothing has changed for so long … */
  private static final Duration QUIET = Duration.ofSeconds(1);

  /** … or when it has been outdated for so long. */
  private static final Duration LATEST = Duration.ofSeconds(10);

  private final SavedCopy copy;

  /** Whether the copy lacks what the store holds. */
  private boolean outdated;

  private long changedAt = System.nanoTime();
  private long copiedAt = System.nanoTime();

  TimedCopy(SavedCopy copy, boolean outdated) {
    this.copy = copy;
    this.outdated = outdated;
  }

  boolean isOutdated() {
    return outdated;
  }

  /** The file holds what the copy lacks. */
  void outdate() {
    outdated = true;
    changedAt = System.nanoTime();
  }

  void saveInTime(Ledger ledger, Collection<String> order) {
    boolean quiet = since(changedAt).compareTo(QUIET) > 0;
    if (outdated && (quiet || since(copiedAt).compareTo(LATEST) > 0)) {
      save(ledger, order);
    }
  }

  /** A copy that fails is tried again after the next change, and not twice a second. */
  void save(Ledger ledger, Collection<String> order) {
    outdated = false;
    copiedAt = System.nanoTime();
    copy.save(ledger.revision(), FileOpening.inOrder(ledger, order));
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }
}
