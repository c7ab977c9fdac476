package io.proxyetc.internal.tls;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at files again and again, on a thread of its own. */
final class FileWatch implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Logger log = LoggerFactory.getLogger(FileWatch.class);

  private final CountDownLatch closing = new CountDownLatch(1);

  /**
   * Starts it.
   *
   * @param look may block for the disk
   */
  FileWatch(Runnable look) {
    Thread thread = new Thread(() -> watch(look), "proxyetc-tls-watch");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch(Runnable look) {
    try {
      while (!closing.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
        try {
          look.run();
        } catch (RuntimeException | Error e) {
          log.error("tls: the certificate files could not be looked at; the next try follows", e);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the thread, soon. Idempotent. */
  @Override
  public void close() {
    closing.countDown();
  }
}
