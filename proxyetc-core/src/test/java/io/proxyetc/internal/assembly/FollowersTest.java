package io.proxyetc.internal.assembly;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.Await;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FollowersTest {
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final AtomicInteger done = new AtomicInteger();
  private final CountDownLatch go = new CountDownLatch(1);

  @Test
  void whoFindsNoPlaceIsSentAwayAndPlacesComeBack() {
    try (Followers followers = new Followers(2)) {
      assertTrue(followers.enter());
      assertTrue(followers.enter());
      assertFalse(followers.enter());
      followers.execute(() -> {});
      Await.until("the first place is free", followers::enter);
      assertFalse(followers.enter());
      followers.leave();
      assertTrue(followers.enter());
    }
  }

  /** Each had a thread of its own. */
  @Test
  void whatComesAfterTheEndRunsOnTheSameFewThreadsWhichGo() {
    Followers followers = new Followers(100);
    followers.close();
    for (int i = 0; i < 100; i++) {
      assertTrue(followers.enter());
      followers.execute(this::block);
    }
    Await.until("sixteen run", () -> threads.size() == 16);
    go.countDown();
    Await.until("all are done", () -> done.get() == 100);
    assertEquals(16, threads.size());
    Await.until("the threads go", () -> threads.stream().noneMatch(Thread::isAlive));
  }

  private void block() {
    threads.add(Thread.currentThread());
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    done.incrementAndGet();
  }
}
