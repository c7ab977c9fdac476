package io.proxyetc.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyException;
import io.proxyetc.spi.HealthEvent.Kind;
import io.proxyetc.testkit.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BatchingNotifierTest {
  private static final Duration MOMENT = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofHours(1);

  /** Keeps what it is sent, and fails as often as the test wants. */
  private static final class Recorder implements BatchingNotifier.Sender {
    final List<HealthBatch> sent = new CopyOnWriteArrayList<>();
    final List<String> tried = new CopyOnWriteArrayList<>();
    final AtomicInteger closed = new AtomicInteger();
    volatile int failures;
    volatile boolean refuses;

    @Override
    public void send(HealthBatch batch) throws Exception {
      tried.add(batch.id());
      if (refuses) {
        throw new BatchRefusedException("no such mailbox");
      }
      if (failures > 0) {
        failures--;
        throw new IOException("connection refused");
      }
      sent.add(batch);
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private final Recorder recorder = new Recorder();

  private static Batching batching(Duration quiet, Duration longest, int most, int attempts) {
    return new Batching(
        quiet, longest, most, attempts, Duration.ofMillis(5), Duration.ofSeconds(10));
  }

  private BatchingNotifier notifier(Batching batching) {
    return new BatchingNotifier("the test", batching, recorder);
  }

  private static void tell(BatchingNotifier notifier, int from, int to) {
    IntStream.range(from, to)
        .forEach(i -> notifier.notify(HealthEvent.now(Kind.TARGET_DOWN, "t" + i, "")));
  }

  private static List<String> subjects(HealthBatch batch) {
    return batch.events().stream().map(HealthEvent::subject).toList();
  }

  @Test
  void fiftyTargetsThatDieAtOnceMakeOneBatch() {
    try (BatchingNotifier notifier = notifier(batching(MOMENT, LONG, 100, 1))) {
      tell(notifier, 0, 50);
      Await.until("the batch", () -> recorder.sent.size() == 1);
      HealthBatch batch = recorder.sent.get(0);
      assertEquals(IntStream.range(0, 50).mapToObj(i -> "t" + i).toList(), subjects(batch));
      assertEquals(0, batch.more());
      assertEquals(HealthEvent.Severity.BAD, batch.severity());
      notifier.notify(HealthEvent.now(Kind.TARGET_UP, "t0", ""));
      Await.until("the next batch", () -> recorder.sent.size() == 2);
      assertEquals(HealthEvent.Severity.GOOD, recorder.sent.get(1).severity());
    }
    assertEquals(2, recorder.sent.size());
    assertEquals(1, recorder.closed.get());
  }

  @Test
  void whatGoesOnAndOnIsToldMeanwhile() {
    try (BatchingNotifier notifier = notifier(batching(MOMENT, MOMENT, 100, 1))) {
      Batching never = batching(LONG, LONG, 100, 1);
      assertThrows(ProxyException.class, () -> never.collecting(LONG, MOMENT));
      AtomicInteger number = new AtomicInteger();
      Await.until(
          "three batches while events come without a pause",
          () -> {
            int i = number.getAndIncrement();
            tell(notifier, i, i + 1);
            return recorder.sent.size() == 3;
          });
    }
  }

  @Test
  void ofTooManyTheNewestAreToldAndTheOthersCounted() {
    BatchingNotifier notifier = notifier(batching(LONG, LONG, 10, 1));
    tell(notifier, 0, 50);
    assertEquals(40, notifier.undelivered());
    notifier.close();
    assertEquals(IntStream.range(40, 50).mapToObj(i -> "t" + i).toList(), subjects(sole()));
    assertEquals(40, sole().more());
  }

  private HealthBatch sole() {
    assertEquals(1, recorder.sent.size());
    return recorder.sent.get(0);
  }

  @Test
  void whatFailsIsSentAgainAsTheSameBatch() {
    recorder.failures = 3;
    try (BatchingNotifier notifier = notifier(batching(MOMENT, LONG, 10, 5))) {
      tell(notifier, 0, 2);
      Await.until("the fourth attempt", () -> recorder.sent.size() == 1);
      assertEquals(4, recorder.tried.size());
      assertEquals(1, recorder.tried.stream().distinct().count());
      assertEquals(0, notifier.undelivered());
    }
  }

  @Test
  void whatFailedTooOftenIsCountedInTheNextBatch() {
    recorder.failures = 3;
    try (BatchingNotifier notifier = notifier(batching(MOMENT, LONG, 10, 3))) {
      tell(notifier, 0, 2);
      Await.until("three attempts", () -> notifier.undelivered() == 2);
      tell(notifier, 2, 3);
      Await.until("the next batch", () -> recorder.sent.size() == 1);
      assertEquals(List.of("t2"), subjects(sole()));
      assertEquals(2, sole().more());
      assertEquals(4, recorder.tried.size());
    }
  }

  @Test
  void whatIsRefusedIsNotSentAgain() {
    recorder.refuses = true;
    try (BatchingNotifier notifier = notifier(batching(MOMENT, LONG, 10, 100))) {
      tell(notifier, 0, 1);
      Await.until("the refusal", () -> notifier.undelivered() == 1);
      assertEquals(1, recorder.tried.size());
    }
  }

  @Test
  void closingSendsWhatWaits() {
    BatchingNotifier notifier = notifier(batching(LONG, LONG, 10, 1));
    tell(notifier, 0, 3);
    notifier.close();
    notifier.close();
    assertEquals(List.of("t0", "t1", "t2"), subjects(sole()));
    assertEquals(1, recorder.closed.get());
    tell(notifier, 3, 4);
    assertEquals(1, notifier.undelivered());
  }

  @Test
  void closingWhileItWaitsToTryAgainTriesOnceMore() {
    recorder.failures = 1;
    Batching patient =
        new Batching(Duration.ZERO, LONG, 10, 5, Duration.ofMinutes(1), Duration.ofSeconds(10));
    BatchingNotifier notifier = notifier(patient);
    tell(notifier, 0, 1);
    Await.until("the first attempt", () -> recorder.tried.size() == 1);
    notifier.close();
    assertEquals(List.of("t0"), subjects(sole()));
  }

  @Test
  @Timeout(30)
  void closingDoesNotWaitForWhoeverHangs() throws InterruptedException {
    CountDownLatch hanging = new CountDownLatch(1);
    AtomicInteger closed = new AtomicInteger();
    BatchingNotifier notifier =
        new BatchingNotifier(
            "the test",
            new Batching(Duration.ZERO, LONG, 10, 5, MOMENT, MOMENT),
            new BatchingNotifier.Sender() {
              @Override
              public void send(HealthBatch batch) throws InterruptedException {
                hanging.countDown();
                Thread.sleep(60_000);
              }

              @Override
              public void close() {
                closed.incrementAndGet();
              }
            });
    tell(notifier, 0, 1);
    hanging.await();
    notifier.close();
    Await.until("the interrupted thread's end", () -> closed.get() == 1);
    assertEquals(1, notifier.undelivered());
  }

  @Test
  void whoeverHearsOfNothingHasNoThreadAndIsClosed() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    BatchingNotifier notifier = notifier(Batching.DEFAULT);
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("proxyetc-alerts"))
            .allMatch(before::contains));
    notifier.close();
    assertEquals(1, recorder.closed.get());
  }

  @Test
  void pausesGrowUpToABound() {
    assertEquals(Duration.ofSeconds(1), Batching.DEFAULT.pauseAfter(1));
    assertEquals(Duration.ofSeconds(8), Batching.DEFAULT.pauseAfter(4));
    assertEquals(Batching.LONGEST_PAUSE, Batching.DEFAULT.pauseAfter(900));
    String message =
        assertThrows(ProxyException.class, () -> Batching.DEFAULT.attempts(0)).getMessage();
    assertTrue(message.contains("attempts: 0 is not between 1 and 1000"), message);
  }
}
