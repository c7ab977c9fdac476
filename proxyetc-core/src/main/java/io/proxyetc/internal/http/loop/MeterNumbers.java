package io.proxyetc.internal.http.loop;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives each group that gets requests a number, the same on all IO threads, so that counting one
 * needs no look-up. Capped, as each takes some 20 KiB on each IO thread: all that come later share
 * number 0. Any thread.
 */
final class MeterNumbers {
  /** The name under which all groups beyond the cap are counted. */
  static final String OTHER = "other";

  private static final int MOST_METERS = 1_024; // on all IO threads together: 20 MiB
  private static final int MOST_GROUPS = 256;
  private static final int LEAST_GROUPS = 32;

  private final int ioThreads;
  private final int max;
  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();

  MeterNumbers(int ioThreads) {
    this.ioThreads = ioThreads;
    max = Math.max(LEAST_GROUPS, Math.min(MOST_GROUPS, MOST_METERS / ioThreads));
  }

  /** How many IO threads there are. */
  int ioThreads() {
    return ioThreads;
  }

  /** The highest number. */
  int max() {
    return max;
  }

  /** The number of a group: always the same, until {@link #max} groups have one of their own. */
  int of(String group) {
    Integer known = numbers.get(group);
    if (known != null) {
      return known;
    }
    return last.get() >= max ? 0 : numbers.computeIfAbsent(group, name -> next());
  }

  private int next() {
    int next = last.incrementAndGet();
    return next <= max ? next : 0;
  }

  /** The groups that have a number. */
  Map<String, Integer> known() {
    return numbers;
  }
}
