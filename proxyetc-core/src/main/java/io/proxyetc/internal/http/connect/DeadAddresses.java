package io.proxyetc.internal.http.connect;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Addresses that took no connection lately: of a name that has others, these are tried last. For
 * one IO thread.
 */
final class DeadAddresses {
  private static final long MEMORY = TimeUnit.SECONDS.toNanos(10);
  private static final int MOST = 1_000;

  private final LongSupplier nanoTime;
  private final Map<InetAddress, Long> since = new LinkedHashMap<>();

  DeadAddresses(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  void add(InetAddress address) {
    since.remove(address); // so that the oldest comes first
    since.put(address, nanoTime.getAsLong());
    if (since.size() > MOST) {
      since.remove(since.keySet().iterator().next());
    }
  }

  /** All addresses, from one on in turn, and those that are dead at the end. */
  InetAddress[] last(InetAddress[] addresses, int first) {
    InetAddress[] ordered = new InetAddress[addresses.length];
    int front = 0;
    int back = addresses.length;
    for (int i = 0; i < addresses.length; i++) {
      InetAddress address = addresses[(first + i) % addresses.length];
      if (isDead(address)) {
        ordered[--back] = address;
      } else {
        ordered[front++] = address;
      }
    }
    return ordered;
  }

  private boolean isDead(InetAddress address) {
    Long at = since.get(address);
    return at != null && nanoTime.getAsLong() - at < MEMORY;
  }
}
