package io.proxyetc.internal.http.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.HdrHistogram.Histogram;

/**
 * What the targets of one group answered on one IO thread. Written by that thread, read by any;
 * made only for groups that get requests, as the latencies take some 20 KiB.
 */
public final class GroupMeter {
  private static final VarHandle REQUESTS;
  private static final VarHandle FAILURES;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      REQUESTS = lookup.findVarHandle(GroupMeter.class, "requests", long.class);
      FAILURES = lookup.findVarHandle(GroupMeter.class, "failures", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final LatencyCounts latencies = new LatencyCounts();
  private final RetryBudget retries;
  private long requests;
  private long failures;

  /**
   * @param ioThreads how many there are
   */
  GroupMeter(int ioThreads) {
    retries = new RetryBudget(ioThreads, System.nanoTime());
  }

  /** A target answered. Only on the IO thread. */
  public void answered(int status, long nanos) {
    REQUESTS.setOpaque(this, requests + 1);
    if (status >= 500) {
      FAILURES.setOpaque(this, failures + 1);
    }
    latencies.add(nanos / 1000);
  }

  /** No target answered. Only on the IO thread. */
  public void failed() {
    REQUESTS.setOpaque(this, requests + 1);
    FAILURES.setOpaque(this, failures + 1);
  }

  /**
   * Takes one retry out of the group's budget; false: nothing is left of it. Only on the IO thread.
   *
   * @param percent of the requests that may be retried
   */
  public boolean takeRetry(int percent) {
    return retries.take(percent, requests, System.nanoTime());
  }

  public long requests() {
    return (long) REQUESTS.getOpaque(this);
  }

  public long failures() {
    return (long) FAILURES.getOpaque(this);
  }

  /** Adds all latencies so far, in microseconds. */
  public void addTo(Histogram sum) {
    latencies.addTo(sum);
  }

  /** An empty histogram to {@link #addTo}. */
  public static Histogram histogram() {
    return LatencyCounts.histogram();
  }
}
