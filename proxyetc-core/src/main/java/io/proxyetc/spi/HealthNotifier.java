package io.proxyetc.spi;

/**
 * Hears of {@link HealthEvent}s, one at a time, on a thread of its own behind a bounded queue: it
 * may block. When the queue is full the oldest event is dropped and counted; what it throws is
 * logged and counted.
 */
@FunctionalInterface
public interface HealthNotifier extends AutoCloseable {
  /** Tells somebody. */
  void notify(HealthEvent event) throws Exception;

  /**
   * How many events it took and could not tell in the end, beside those for which {@link #notify}
   * threw: for one that tells later. Any thread; does not block.
   */
  default long undelivered() {
    return 0;
  }

  /** Frees what it holds; called once, after the last event. */
  @Override
  default void close() {}
}
