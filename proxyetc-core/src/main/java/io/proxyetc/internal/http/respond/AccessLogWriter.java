package io.proxyetc.internal.http.respond;

import io.proxyetc.AccessLog;
import io.proxyetc.ProxyException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the access log on a thread of its own. IO threads only put an entry into a queue: they
 * neither format, nor touch the disk, nor wake the writer, which looks every 100 ms by itself (or
 * is woken when half of the queue is full).
 *
 * <p>The queue is bounded in bytes. When the disk does not keep up, entries are dropped and
 * counted. When it fails, the writer opens the file again and again with growing pauses, and loses
 * nothing of what it had begun to write.
 */
public final class AccessLogWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AccessLogWriter.class);
  private static final long MOST_QUEUED = 8L * 1024 * 1024;
  private static final int BATCH = 64 * 1024;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long MOVED_CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long SHORTEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final Duration LAST_LINES = Duration.ofSeconds(2);

  private final Queue<AccessEntry> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong queued = new AtomicLong(); // bytes, about
  private final AtomicLong dropped = new AtomicLong();
  private final LogFile file;
  private final AccessLine format;
  private final LineBuffer batch = new LineBuffer(BATCH + 8 * 1024);
  private final Thread thread;
  private volatile boolean closing;

  private AccessLogWriter(AccessLog config) {
    file = new LogFile(config.file());
    format = AccessLine.of(config.format(), ZoneId.systemDefault());
    thread = new Thread(this::run, "proxyetc-access-log");
    thread.setDaemon(true);
  }

  /**
   * Opens the file and starts the thread.
   *
   * @throws ProxyException where the file cannot be opened
   */
  public static AccessLogWriter open(AccessLog config) {
    AccessLogWriter writer = new AccessLogWriter(config);
    try {
      writer.file.open();
    } catch (IOException e) {
      throw new ProxyException(
          "access log "
              + writer.file.name()
              + ": cannot be opened ("
              + e
              + "): make its directory, and let this process write there",
          e);
    }
    writer.thread.start();
    return writer;
  }

  /**
   * Queues a line. Never blocks; any thread.
   *
   * @return false: there was no room, and the line is lost and counted
   */
  public boolean offer(AccessEntry entry) {
    int weight = entry.weight();
    long now = queued.addAndGet(weight);
    if (now > MOST_QUEUED || closing) {
      queued.addAndGet(-weight);
      dropped.incrementAndGet();
      return false;
    }
    queue.add(entry);
    if (now >= MOST_QUEUED / 2 && now - weight < MOST_QUEUED / 2) {
      LockSupport.unpark(thread);
    }
    return true;
  }

  /** Lines that were lost since the disk did not keep up. */
  public long dropped() {
    return dropped.get();
  }

  /** Writes what is queued, for up to two seconds, and closes the file. Idempotent. */
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(LAST_LINES.toMillis());
      if (thread.isAlive()) {
        log.warn("access log {}: is too slow to take the last lines: they are lost", file.name());
        thread.interrupt();
        thread.join(500);
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    long checked = System.nanoTime();
    while (!Thread.currentThread().isInterrupted()) {
      boolean last = closing; // read before the queue is found empty
      if (System.nanoTime() - checked > MOVED_CHECK_NANOS) {
        checked = System.nanoTime();
        reopenIfMoved();
      }
      if (fillBatch()) {
        writeBatch();
      } else if (last) {
        break;
      } else {
        LockSupport.parkNanos(LOOK_NANOS);
      }
    }
    file.close();
  }

  private boolean fillBatch() {
    batch.clear();
    long taken = 0;
    while (batch.length() < BATCH && !Thread.currentThread().isInterrupted()) {
      AccessEntry entry = queue.poll();
      if (entry == null) {
        break;
      }
      taken += entry.weight();
      format.append(entry, batch);
    }
    if (taken > 0) {
      queued.addAndGet(-taken);
    }
    return batch.length() > 0;
  }

  /** Until it is written, or the thread is interrupted. */
  private void writeBatch() {
    ByteBuffer bytes = batch.view();
    long pause = SHORTEST_PAUSE_NANOS;
    IOException fault = write(bytes, false);
    if (fault == null || Thread.currentThread().isInterrupted()) {
      return;
    }
    long before = dropped.get();
    log.error("access log {}: cannot be written ({}); trying again", file.name(), fault.toString());
    while (fault != null && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
      fault = write(bytes, true);
    }
    if (fault == null) {
      log.info(
          "access log {}: can be written again; {} lines were lost",
          file.name(),
          dropped.get() - before);
    }
  }

  private @Nullable IOException write(ByteBuffer bytes, boolean reopen) {
    try {
      if (reopen) {
        file.open();
      }
      file.write(bytes);
      return null;
    } catch (IOException e) {
      return e;
    }
  }

  private void reopenIfMoved() {
    try {
      file.reopenIfMoved();
    } catch (IOException e) {
      // The next write meets it again, says so and tries on.
    }
  }
}
