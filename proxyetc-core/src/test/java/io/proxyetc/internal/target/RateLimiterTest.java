package io.proxyetc.internal.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.RateLimit;
import io.proxyetc.spi.RequestView;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Token buckets, at times that the test sets. */
class RateLimiterTest {
  private static final long MILLIS = TimeUnit.MILLISECONDS.toNanos(1);

  private final AtomicLong clock = new AtomicLong(-5 * MILLIS);
  private final RateBuckets buckets = new RateBuckets(clock::get);

  private RateLimiter limiter(int requests, Duration per, int burst) {
    return limiter(requests, per, burst, "");
  }

  private RateLimiter limiter(int requests, Duration per, int burst, String header) {
    return new RateLimiter(new RateLimit(requests, per, burst, header), buckets);
  }

  private void pass(long millis) {
    clock.addAndGet(millis * MILLIS);
  }

  private static RequestView from(String address) {
    return from(address, null);
  }

  private static RequestView from(String address, @Nullable String value) {
    return new RequestView() {
      @Override
      public String method() {
        return "GET";
      }

      @Override
      public String path() {
        return "/";
      }

      @Override
      public @Nullable String header(String name) {
        return value;
      }

      @Override
      public int previous() {
        return -1;
      }

      @Override
      public InetAddress client() {
        try {
          return InetAddress.getByName(address);
        } catch (UnknownHostException e) {
          throw new AssertionError(e);
        }
      }
    };
  }

  @Test
  void aBurstMayComeAtOnceAndThenOneEachInterval() {
    RateLimiter limiter = limiter(10, Duration.ofSeconds(1), 3);
    RequestView client = from("192.0.2.1");
    for (int i = 0; i < 3; i++) {
      assertEquals(0, limiter.take(client));
    }
    assertEquals(100 * MILLIS, limiter.take(client));
    pass(99);
    assertEquals(MILLIS, limiter.take(client), "asking costs nothing");
    pass(1);
    assertEquals(0, limiter.take(client));
    assertEquals(100 * MILLIS, limiter.take(client));
    pass(10_000);
    for (int i = 0; i < 3; i++) {
      assertEquals(0, limiter.take(client));
    }
    assertEquals(100 * MILLIS, limiter.take(client), "a bucket holds a burst and no more");
  }

  @Test
  void clientsDoNotShareABucketButASiteOfIpv6Does() {
    RateLimiter limiter = limiter(1, Duration.ofDays(1), 1);
    assertEquals(0, limiter.take(from("192.0.2.1")));
    assertEquals(0, limiter.take(from("192.0.2.2")));
    assertEquals(0, limiter.take(from("2001:db8:1:2::1")));
    assertTrue(limiter.take(from("2001:db8:1:2:ffff::9")) > 0);
    assertEquals(0, limiter.take(from("2001:db8:1:3::1")));
    assertTrue(limiter.take(from("::ffff:192.0.2.1")) > 0, "the same address, written otherwise");
  }

  @Test
  void routesDoNotShareABucket() {
    assertEquals(0, limiter(1, Duration.ofDays(1), 1).take(from("192.0.2.1")));
    assertEquals(0, limiter(1, Duration.ofDays(1), 1).take(from("192.0.2.1")));
  }

  @Test
  void aHeaderTellsClientsApartWhereThereIsOne() {
    RateLimiter limiter = limiter(1, Duration.ofDays(1), 1, "x-key");
    String kilobytes = "k".repeat(8_000);
    assertEquals(0, limiter.take(from("192.0.2.1", kilobytes)));
    assertTrue(limiter.take(from("192.0.2.2", kilobytes)) > 0);
    assertEquals(0, limiter.take(from("192.0.2.1", kilobytes + "2")));
    assertEquals(0, limiter.take(from("192.0.2.1")), "who has none goes by the address");
    assertTrue(limiter.take(from("192.0.2.1", "  ")) > 0, "an empty one is none");
  }

  @Test
  void theLargestBurstOfTheSlowestRateIsNoOverflow() {
    RateLimiter limiter = limiter(1, Duration.ofDays(1), 1_000_000);
    for (int i = 0; i < 20_000; i++) {
      assertEquals(0, limiter.take(from("192.0.2.1")));
    }
  }

  @Test
  void whatSaysNothingAnyMoreIsForgotten() {
    RateLimiter limiter = limiter(10, Duration.ofSeconds(1), 10);
    for (int i = 0; i < 200; i++) {
      assertEquals(0, limiter.take(from("192.0.2." + i)));
    }
    assertEquals(200, buckets.size());
    pass(5_000); // the last steps of a coarse clock included
    assertEquals(0, buckets.size());
  }

  @Test
  void aFloodOfAddressesFillsNoMemory() {
    RateLimiter limiter = limiter(1, Duration.ofDays(1), 1);
    for (int i = 0; i < 150_000; i++) {
      limiter.take(from("10." + (i >> 16) + "." + ((i >> 8) & 255) + "." + (i & 255)));
    }
    assertTrue(buckets.size() <= 100_000, "remembered: " + buckets.size());
  }

  @Test
  void manyThreadsTakeNoMoreThanThereIs() throws Exception {
    RateLimiter limiter = limiter(1, Duration.ofDays(1), 1_000);
    AtomicInteger granted = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        running.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 1_000; i++) {
                    granted.addAndGet(limiter.take(from("192.0.2.1")) == 0 ? 1 : 0);
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get(10, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(1_000, granted.get());
  }

  @Test
  void aChangeOfTheRouteKeepsItUnlessTheLimitIsAnotherOne() {
    TargetRegistry registry = new TargetRegistry();
    RateLimiter before = registry.limiter("r", RateLimit.perSecond(5));
    assertSame(before, registry.limiter("r", RateLimit.perSecond(5)));
    assertNotSame(before, registry.limiter("r", RateLimit.perSecond(6)));
    assertNotSame(before, registry.limiter("other", RateLimit.perSecond(5)));
  }
}
