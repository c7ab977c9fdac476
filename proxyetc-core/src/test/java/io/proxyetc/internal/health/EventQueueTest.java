package io.proxyetc.internal.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthEvent.Kind;
import io.proxyetc.spi.HealthNotifier;
import io.proxyetc.testkit.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EventQueueTest {
  /** Keeps what it hears, and can be held up. */
  private static final class Recorder implements HealthNotifier {
    final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    final AtomicInteger closed = new AtomicInteger();
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch gate;

    Recorder(boolean open) {
      gate = new CountDownLatch(open ? 0 : 1);
    }

    @Override
    public void notify(HealthEvent event) throws InterruptedException {
      entered.countDown();
      gate.await();
      heard.add(event.subject());
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private static HealthEvent event(int number) {
    return new HealthEvent(HealthEvent.Kind.STORE_LOST, "" + number, "", Instant.EPOCH);
  }

  @Test
  void everyNotifierHearsEverythingInOrderAndIsClosedOnce() {
    Recorder one = new Recorder(true);
    Recorder two = new Recorder(true);
    EventQueue queue = new EventQueue(List.of(one, two));
    IntStream.range(0, 500).forEach(i -> queue.publish(event(i)));
    queue.close();
    queue.close();
    List<String> all = IntStream.range(0, 500).mapToObj(i -> "" + i).toList();
    assertEquals(all, one.heard);
    assertEquals(all, two.heard);
    assertEquals(1, one.closed.get());
    assertEquals(0, queue.dropped());
  }

  @Test
  void aSlowNotifierLosesTheOldestAndHoldsUpNobody() throws InterruptedException {
    Recorder slow = new Recorder(false);
    Recorder quick = new Recorder(true);
    EventQueue queue = new EventQueue(List.of(slow, quick));
    queue.publish(event(-1));
    slow.entered.await();
    IntStream.range(0, 900).forEach(i -> queue.publish(event(i)));
    Await.until("the quick one", () -> quick.heard.size() == 901);
    IntStream.range(900, 1_300).forEach(i -> queue.publish(event(i)));
    Await.until("the quick one again", () -> quick.heard.size() == 1_301);
    assertEquals(300, queue.dropped());
    slow.gate.countDown();
    Await.until("the slow one", () -> slow.heard.size() == 1_001);
    assertEquals("-1", slow.heard.get(0));
    assertEquals("300", slow.heard.get(1));
    queue.close();
  }

  @Test
  void aNotifierThatThrowsIsCountedAndHearsOn() {
    AtomicInteger heard = new AtomicInteger();
    EventQueue queue =
        new EventQueue(
            List.of(
                event -> {
                  if (heard.incrementAndGet() == 1) {
                    throw new IllegalStateException("mail server away");
                  }
                }));
    queue.publish(event(1));
    queue.publish(event(2));
    queue.close();
    assertEquals(2, heard.get());
    assertEquals(1, queue.failed());
  }

  @Test
  void anInterruptLeftBehindDoesNotEndTheDelivery() {
    AtomicInteger heard = new AtomicInteger();
    EventQueue queue =
        new EventQueue(
            List.of(
                event -> {
                  heard.incrementAndGet();
                  Thread.currentThread().interrupt();
                }));
    queue.publish(event(1));
    Await.until("the first", () -> heard.get() == 1);
    queue.publish(event(2));
    Await.until("the second", () -> heard.get() == 2);
    queue.close();
  }

  @Test
  void closingInterruptsWhoeverHangs() {
    Recorder hung = new Recorder(false);
    EventQueue queue = new EventQueue(List.of(hung));
    queue.publish(event(1));
    queue.publish(event(2));
    long start = System.nanoTime();
    queue.close();
    assertTrue(System.nanoTime() - start < 10_000_000_000L);
    assertEquals(List.of(), hung.heard);
    assertEquals(1, hung.closed.get());
  }

  @Test
  void aNotifierMayCloseTheQueue() {
    AtomicBoolean done = new AtomicBoolean();
    EventQueue queue = new EventQueue(List.of());
    queue.add(
        event -> {
          queue.close();
          done.set(true);
        });
    queue.publish(event(1));
    Await.until("the end", done::get);
    queue.publish(event(2));
    assertFalse(queue.failed() > 0);
  }

  @Test
  void aTargetThatFlapsIsToldOfAgainByItselfWhenItIsQuiet() {
    List<HealthEvent> heard = Collections.synchronizedList(new ArrayList<>());
    Damping damping = new Damping(2, Duration.ofMinutes(1), Duration.ofMillis(50));
    try (EventQueue queue = new EventQueue(List.of(heard::add), damping, System::nanoTime)) {
      for (int i = 0; i < 5; i++) {
        Kind kind = i % 2 == 0 ? Kind.TARGET_DOWN : Kind.TARGET_UP;
        queue.publish(HealthEvent.now(kind, "a", ""));
      }
      queue.publish(HealthEvent.now(Kind.TARGET_UP, "a", ""));
      Await.until("the quiet", () -> heard.size() == 4);
      assertEquals(
          List.of(Kind.TARGET_DOWN, Kind.TARGET_UP, Kind.FLAPPING, Kind.TARGET_UP),
          heard.stream().map(HealthEvent::kind).toList());
      queue.publish(HealthEvent.now(Kind.TARGET_DOWN, "a", ""));
      Await.until("the next change", () -> heard.size() == 5);
    }
  }

  @Test
  void allNotifiersHearTheStatesOfASubjectInOneOrder() throws InterruptedException {
    List<Kind> one = Collections.synchronizedList(new ArrayList<>());
    List<Kind> two = Collections.synchronizedList(new ArrayList<>());
    Damping none = new Damping(1_000_000, Duration.ofMinutes(1), Duration.ofMinutes(1));
    EventQueue queue =
        new EventQueue(
            List.of(e -> one.add(e.kind()), e -> two.add(e.kind())), none, System::nanoTime);
    List<Thread> seers =
        Stream.of(Kind.TARGET_DOWN, Kind.TARGET_UP)
            .map(
                kind ->
                    new Thread(
                        () -> {
                          for (int i = 0; i < 400; i++) {
                            queue.publish(HealthEvent.now(kind, "a", ""));
                          }
                        }))
            .toList();
    seers.forEach(Thread::start);
    for (Thread seer : seers) {
      seer.join();
    }
    queue.close();
    assertEquals(one, two);
    for (int i = 0; i < one.size(); i++) {
      assertEquals(i % 2 == 0 ? Kind.TARGET_DOWN : Kind.TARGET_UP, one.get(i));
    }
  }

  @Test
  void whatANotifierCouldNotTellLaterIsCounted() {
    HealthNotifier later =
        new HealthNotifier() {
          @Override
          public void notify(HealthEvent event) {}

          @Override
          public long undelivered() {
            return 3;
          }
        };
    HealthNotifier broken =
        new HealthNotifier() {
          @Override
          public void notify(HealthEvent event) {}

          @Override
          public long undelivered() {
            throw new IllegalStateException("no idea");
          }
        };
    try (EventQueue queue = new EventQueue(List.of(later, broken))) {
      assertEquals(3, queue.failed());
    }
  }
}
