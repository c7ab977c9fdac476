package io.proxyetc.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;

/**
 * The loop behind {@link FixedRate}: one thread, one selector. Between two requests it gives the
 * processor to whoever wants it, because proxy and target share the machine.
 */
final class PacedClient implements AutoCloseable {

  private static final long WARM_UP_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long WORTH_SLEEPING_NANOS = 150_000;
  private static final long SLEEP_OVERSHOOT_NANOS = 80_000;
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Selector selector;
  private final Deque<PacedConnection> idle = new ArrayDeque<>();
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(256 * 1024);
  private final double rate;
  private long sent;
  private long answered;

  PacedClient(int port, ByteBuffer request, int connections, double rate) {
    this.rate = rate;
    try {
      selector = Selector.open();
      for (int i = 0; i < connections; i++) {
        idle.push(new PacedConnection(selector, port, request.duplicate()));
      }
    } catch (IOException e) {
      throw new BenchmarkException("port " + port + ": " + e.getMessage(), e);
    }
  }

  /** Runs a second to warm up and then {@code seconds} that count. Blocks. */
  Latency run(int seconds) {
    long start = System.nanoTime();
    long total = (long) (rate * (seconds + 1));
    long[] micros = new long[(int) total + 1];
    int recorded = 0;
    long end = start + Duration.ofSeconds(seconds + 1L).plus(GRACE).toNanos();
    try {
      while (answered < total && System.nanoTime() - end < 0) {
        sendWhatIsDue(start, total);
        selector.selectNow();
        for (SelectionKey key : selector.selectedKeys()) {
          PacedConnection connection = (PacedConnection) key.attachment();
          if (connection.advance(scratch)) {
            long due = connection.due();
            if (due - start >= WARM_UP_NANOS) {
              micros[recorded++] = (System.nanoTime() - due) / 1000;
            }
            answered++;
            idle.push(connection);
          }
        }
        selector.selectedKeys().clear();
        pause(start);
      }
    } catch (IOException e) {
      throw new BenchmarkException("fixed rate: a connection failed: " + e.getMessage(), e);
    }
    return Latency.of(rate, micros, recorded);
  }

  private void sendWhatIsDue(long start, long total) throws IOException {
    while (sent < total && !idle.isEmpty() && dueAt(start) - System.nanoTime() <= 0) {
      idle.pop().send(dueAt(start));
      sent++;
    }
  }

  /** The moment at which the next request is due. */
  private long dueAt(long start) {
    return start + (long) (sent * 1e9 / rate);
  }

  @SuppressWarnings("ThreadPriorityCheck") // it costs precision, not correctness
  private void pause(long start) {
    long wait = dueAt(start) - System.nanoTime();
    if (wait > WORTH_SLEEPING_NANOS && answered == sent) {
      LockSupport.parkNanos(wait - SLEEP_OVERSHOOT_NANOS);
    } else {
      Thread.yield();
    }
  }

  @Override
  public void close() {
    try {
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException ignored) {
      // nothing is left to be done with them
    }
  }
}
