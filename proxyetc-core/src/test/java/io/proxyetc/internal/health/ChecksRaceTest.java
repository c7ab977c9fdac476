package io.proxyetc.internal.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.HealthCheck;
import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.target.AddressState;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.OwnThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Watches come and go on many threads while the health thread probes. */
class ChecksRaceTest {
  private static final int THREADS = 4;
  private static final int ROUNDS = 500;

  /** Every probe passes, some of them at once, the others in the next turn. */
  private static final class Passing implements Prober {
    private final ConcurrentLinkedQueue<Runnable> later = new ConcurrentLinkedQueue<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean closed;

    @Override
    public Question prepare(
        AddressState address, HealthCheck check, @Nullable Supplier<SSLEngine> engines) {
      return this::ask;
    }

    private Probe ask(Outcome outcome) {
      if (asked.incrementAndGet() % 2 == 0) {
        outcome.passed("at once");
        return () -> "nothing";
      }
      Runnable pass = () -> outcome.passed("later");
      later.add(pass);
      return () -> {
        later.remove(pass);
        return "the next turn";
      };
    }

    @Override
    public void turn(long nanos) {
      if (later.isEmpty()) {
        LockSupport.parkNanos(Math.min(nanos, TimeUnit.MILLISECONDS.toNanos(1)));
      }
      for (Runnable pass = later.poll(); pass != null; pass = later.poll()) {
        pass.run();
      }
    }

    @Override
    public void wake() {}

    @Override
    public void close() {
      closed = true;
    }
  }

  @Test
  void everyWatchHearsOnceAndNothingIsLeftBehind() {
    Passing prober = new Passing();
    Checks checks = new Checks("race-checks", prober);
    TargetRegistry registry = new TargetRegistry();
    HealthCheck check = HealthCheck.http("/").toBuilder().interval(Duration.ofMillis(100)).build();
    List<CompletableFuture<Void>> all = new ArrayList<>();
    for (int t = 0; t < THREADS; t++) {
      all.add(
          OwnThread.run(
              () -> {
                for (int i = 0; i < ROUNDS; i++) {
                  watchOnce(checks, registry, check, 1 + i % 3);
                }
              }));
    }
    all.forEach(each -> Await.get("a thread is done", each));
    assertEquals(0, checks.watched());
    Await.until("nothing is under way", () -> checks.inFlight() == 0);
    assertEquals(0, checks.failures());
    long probes = checks.probes();
    checks.close();
    assertTrue(prober.closed);
    assertEquals(probes, checks.probes());
  }

  private static void watchOnce(
      Checks checks, TargetRegistry registry, HealthCheck check, int port) {
    AtomicInteger heard = new AtomicInteger();
    AddressState address =
        registry.address(Target.of("http://127.0.0.1:" + port), TargetTls.DEFAULT);
    try (Watch watch =
        checks.watch(address, check, null, (healthy, reason) -> heard.incrementAndGet())) {
      Await.until("it hears of " + watch.state(), () -> heard.get() > 0);
      assertEquals(1, heard.get());
    }
  }
}
