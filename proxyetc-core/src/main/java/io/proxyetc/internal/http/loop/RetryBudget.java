package io.proxyetc.internal.http.loop;

/**
 * How many retries an IO thread may cause at one group: a share of the requests that the group had
 * on it in the last ten seconds or so, beside the thread's part of ten in each second, of which
 * those of ten seconds may come at once: the target of many long requests may die. Worked out where
 * a retry is wanted, from numbers that are counted anyway: a request costs nothing. Belongs to the
 * IO thread.
 */
final class RetryBudget {
  /** Beside the share, over all IO threads: a group with little traffic has hardly any share. */
  static final int FREE_PER_SECOND = 10;

  /** For so long a request counts, in seconds; later ones fade the earlier ones out. */
  static final double WINDOW = 10;

  private static final double NANOS = 1e9;

  private final double freePerSecond;
  private final double freeAtMost;
  private double free;
  private double share;
  private long requestsBefore;
  private long before; // in nanoseconds

  /**
   * @param ioThreads over which the free ones are divided; each has one at least
   * @param sinceNanos since when requests are counted
   */
  RetryBudget(int ioThreads, long sinceNanos) {
    freePerSecond = (double) FREE_PER_SECOND / ioThreads;
    freeAtMost = Math.max(1, freePerSecond * WINDOW);
    free = freeAtMost;
    before = sinceNanos;
  }

  /**
   * Takes one retry out of it.
   *
   * @param percent of the requests
   * @param requests all so far
   * @param nowNanos in {@link System#nanoTime} time
   * @return false: nothing is left
   */
  boolean take(int percent, long requests, long nowNanos) {
    double elapsed = Math.max(0, nowNanos - before) / NANOS;
    // Those since the last time are taken to have come evenly.
    double recent = (requests - requestsBefore) * Math.min(1, WINDOW / elapsed);
    share = share * Math.max(0, 1 - elapsed / WINDOW) + recent * percent / 100;
    free = Math.min(freeAtMost, free + elapsed * freePerSecond);
    requestsBefore = requests;
    before = nowNanos;
    if (free >= 1) {
      free--;
      return true;
    }
    if (share >= 1) {
      share--;
      return true;
    }
    return false;
  }
}
