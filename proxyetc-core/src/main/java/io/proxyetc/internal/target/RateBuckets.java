package io.proxyetc.internal.target;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What all rate limits of a proxy remember of clients: one number each, of a bounded number of
 * clients, and no longer than until it means nothing. When there are more, those that come often
 * stay. Safe for any thread.
 */
final class RateBuckets {
  /** Of some 150 bytes each. */
  private static final int MOST = 100_000;

  private static final int SECRET = 16; // bytes

  private final LongSupplier nanoTime;
  private final byte[] secret = new byte[SECRET];
  private final Cache<Key, AtomicLong> buckets;

  /**
   * A client of a route, in as many bytes whoever it is.
   *
   * @param limiter the route's
   */
  record Key(RateLimiter limiter, long high, long low) {}

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  RateBuckets(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    new SecureRandom().nextBytes(secret);
    buckets =
        Caffeine.newBuilder()
            .maximumSize(MOST)
            .expireAfter(
                Expiry.<Key, AtomicLong>accessing(
                    (key, bucket) -> Duration.ofNanos(key.limiter().memoryNanos())))
            .ticker(nanoTime::getAsLong)
            .executor(Runnable::run) // what there is to tidy up is little, and done a bit at a time
            .build();
  }

  long now() {
    return nanoTime.getAsLong();
  }

  /** A client's bucket: until when it is used up. Full where nothing is known of the client. */
  AtomicLong of(Key key, long nowNanos) {
    return buckets.get(key, unknown -> new AtomicLong(nowNanos));
  }

  /**
   * A key for a value of any length. Nobody can find two values with one key, who does not know the
   * secret.
   */
  Key hashed(RateLimiter limiter, String value) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(secret);
      byte[] hash = digest.digest(value.getBytes(StandardCharsets.UTF_8));
      return new Key(limiter, RateLimiter.toLong(hash, 0, 8), RateLimiter.toLong(hash, 8, 16));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** For tests: how many clients are remembered. */
  long size() {
    buckets.cleanUp();
    return buckets.estimatedSize();
  }
}
