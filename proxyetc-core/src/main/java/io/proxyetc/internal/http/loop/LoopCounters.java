package io.proxyetc.internal.http.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Counters of one IO thread: written by it alone with plain arithmetic and an opaque store, read by
 * any thread.
 */
public final class LoopCounters {
  /** What is counted. */
  public enum Counter {
    ACCEPTED,
    CLOSED,
    STARTED,
    FINISHED,
    STATUS_1XX,
    STATUS_2XX,
    STATUS_3XX,
    STATUS_4XX,
    STATUS_5XX,
    BYTES_IN,
    BYTES_OUT,
    UPSTREAM_OPENED,
    UPSTREAM_CLOSED,
    UPSTREAM_FAILED,
    RETRIES,
    RETRIES_REFUSED,
    RATE_LIMITED,
    WAITS_BEGUN,
    WAITS_ENDED,
    WAITS_TIMED_OUT,
    WAITS_REFUSED;

    private static final Counter[] STATUS = {
      STATUS_1XX, STATUS_2XX, STATUS_3XX, STATUS_4XX, STATUS_5XX
    };

    /** The counter of a status's class. */
    public static Counter ofStatus(int status) {
      return STATUS[Math.min(4, Math.max(0, status / 100 - 1))];
    }
  }

  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int PAD = 8; // keeps the cells off other threads' cache lines

  private final long[] cells = new long[Counter.values().length + 2 * PAD];

  /** Adds one. Only on the IO thread. */
  public void add(Counter counter) {
    add(counter, 1);
  }

  /** Adds some. Only on the IO thread. */
  public void add(Counter counter, long n) {
    int i = PAD + counter.ordinal();
    CELL.setOpaque(cells, i, cells[i] + n);
  }

  /** The present value. Any thread. */
  public long get(Counter counter) {
    return (long) CELL.getOpaque(cells, PAD + counter.ordinal());
  }
}
