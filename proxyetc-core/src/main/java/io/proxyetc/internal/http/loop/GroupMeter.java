package io.proxyetc.internal.http.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * What the targets of one group answered on one IO thread. Written by that thread, read by any;
 * made only for groups that get requests, as a histogram takes some 20 KiB.
 */
public final class GroupMeter {
  private static final long MAX_MICROS = 60_000_000;
  private static final int DIGITS = 2;
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

  private final SingleWriterRecorder recorder = new SingleWriterRecorder(1, MAX_MICROS, DIGITS);
  private final Histogram soFar = new Histogram(1, MAX_MICROS, DIGITS); // guarded by this
  private long requests;
  private long failures;

  /** A target answered. Only on the IO thread. */
  public void answered(int status, long nanos) {
    REQUESTS.setOpaque(this, requests + 1);
    if (status >= 500) {
      FAILURES.setOpaque(this, failures + 1);
    }
    recorder.recordValue(Math.min(MAX_MICROS, Math.max(1, nanos / 1000)));
  }

  /** No target answered. Only on the IO thread. */
  public void failed() {
    REQUESTS.setOpaque(this, requests + 1);
    FAILURES.setOpaque(this, failures + 1);
  }

  public long requests() {
    return (long) REQUESTS.getOpaque(this);
  }

  public long failures() {
    return (long) FAILURES.getOpaque(this);
  }

  /** Adds all latencies so far, in microseconds. */
  public synchronized void addTo(Histogram sum) {
    soFar.add(recorder.getIntervalHistogram());
    sum.add(soFar);
  }

  /** An empty histogram to {@link #addTo}. */
  public static Histogram histogram() {
    return new Histogram(1, MAX_MICROS, DIGITS);
  }
}
