package io.proxyetc.internal.target;

import io.proxyetc.RateLimit;
import io.proxyetc.spi.RequestView;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The rate limit of one route: a token bucket for each client. What is kept of a bucket is the time
 * at which it will be full again (the "theoretical arrival time" of GCRA, ITU-T I.371): it moves on
 * by one interval for each request, and must not be further ahead than a burst is long. Safe for
 * any thread, without a lock.
 */
public final class RateLimiter {
  private static final int IPV6_SITE = 8; // bytes: a site has a /64 at least, and uses all of it

  private final RateLimit limit;
  private final RateBuckets buckets;
  private final long intervalNanos;
  private final long burstNanos;

  RateLimiter(RateLimit limit, RateBuckets buckets) {
    this.limit = limit;
    this.buckets = buckets;
    this.intervalNanos = limit.per().toNanos() / limit.requests();
    // The largest burst of the slowest rate would be longer than a long: this is 73 years.
    double burst = (double) intervalNanos * limit.burst();
    this.burstNanos =
        burst < Long.MAX_VALUE / 4.0 ? intervalNanos * limit.burst() : Long.MAX_VALUE / 4;
  }

  RateLimit limit() {
    return limit;
  }

  /** For how long a bucket that nobody takes from says anything: then it is full. */
  long memoryNanos() {
    return burstNanos;
  }

  /**
   * Takes a token for a request.
   *
   * @return 0: it may go on; else how many nanoseconds it is until there is a token
   */
  public long take(RequestView request) {
    long now = buckets.now();
    AtomicLong bucket = buckets.of(key(request), now);
    while (true) {
      long full = bucket.get();
      long used = Math.max(0, full - now);
      long beyond = used - (burstNanos - intervalNanos);
      if (beyond > 0) {
        return beyond;
      }
      if (bucket.compareAndSet(full, now + used + intervalNanos)) {
        return 0;
      }
    }
  }

  private RateBuckets.Key key(RequestView request) {
    String name = limit.header();
    String value = name.isEmpty() ? null : request.header(name);
    return value == null || value.isBlank()
        ? key(request.client())
        : buckets.hashed(this, value.strip());
  }

  private RateBuckets.Key key(InetAddress client) {
    byte[] address = client.getAddress();
    return client instanceof Inet4Address
        ? new RateBuckets.Key(this, 4, toLong(address, 0, address.length))
        : new RateBuckets.Key(this, 6, toLong(address, 0, IPV6_SITE));
  }

  static long toLong(byte[] bytes, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      value = value << 8 | bytes[i] & 0xff;
    }
    return value;
  }
}
