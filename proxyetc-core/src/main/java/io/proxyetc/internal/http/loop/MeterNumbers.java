package io.proxyetc.internal.http.loop;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Gives each group that gets requests a number, the same on all IO threads, so that counting one
 * needs no look-up. Capped, as a histogram takes some 20 KiB: all that come later share number 0.
 * Any thread.
 */
final class MeterNumbers {
  /** The name under which all groups beyond the cap are counted. */
  static final String OTHER = "other";

  /** The highest number. */
  static final int MAX = 256;

  private final Map<String, Integer> numbers = new ConcurrentHashMap<>();
  private final AtomicInteger last = new AtomicInteger();

  /** The number of a group: always the same, until {@link #MAX} groups have one of their own. */
  int of(String group) {
    Integer known = numbers.get(group);
    if (known != null) {
      return known;
    }
    return last.get() >= MAX ? 0 : numbers.computeIfAbsent(group, name -> next());
  }

  private int next() {
    int next = last.incrementAndGet();
    return next <= MAX ? next : 0;
  }

  /** The groups that have a number. */
  Map<String, Integer> known() {
    return numbers;
  }
}
