package io.proxyetc.benchmarks;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Looks at a proxy's resident memory again and again, until it is closed, and keeps the most. */
final class PeakMemory implements AutoCloseable {

  private static final long PERIOD_MILLIS = 50;

  private final AtomicLong peak = new AtomicLong();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledFuture<?> looking;

  PeakMemory(ProcessTree tree) {
    looking =
        clock.scheduleAtFixedRate(
            () -> peak.accumulateAndGet(tree.residentBytes(), Math::max),
            0,
            PERIOD_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /** Bytes. */
  long peak() {
    return peak.get();
  }

  @Override
  public void close() {
    looking.cancel(false);
    clock.shutdownNow();
  }
}
