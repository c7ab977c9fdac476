package io.proxyetc.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.spi.RouteChange;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class ChangeQueueTest {
  private static final RouteChange CHANGE = RouteChange.of("test", RouteChange.Edit.delete("a"));

  private final ChangeQueue queue = new ChangeQueue("file store routes.json");

  @Test
  void aStoreThatDoesNotKeepUpSaysThatItIsBusy() {
    queue.open();
    for (int i = 0; i < ChangeQueue.CAPACITY; i++) {
      assertFalse(add().isDone());
    }
    assertEquals(
        "file store routes.json: the store is busy: 16384 changes are waiting; try again later",
        faultOf(add()));
    assertTrue(queue.take(Duration.ZERO).size() > 1);
    assertFalse(add().isDone());
  }

  @Test
  void beforeTheStartAndAfterTheEndItRefuses() {
    assertTrue(faultOf(add()).contains("is closed, or not yet started"));
    queue.open();
    CompletableFuture<Long> waiting = add();
    queue.close();
    assertTrue(faultOf(waiting).contains("is closed"));
    assertTrue(faultOf(add()).contains("is closed"));
    assertTrue(queue.take(Duration.ofDays(1)).isEmpty(), "it wakes whoever waits");
  }

  private CompletableFuture<Long> add() {
    return queue.add(CHANGE).toCompletableFuture();
  }

  private static String faultOf(CompletableFuture<Long> change) {
    assertTrue(change.isDone());
    ExecutionException fault = assertThrows(ExecutionException.class, change::get);
    return String.valueOf(fault.getCause().getMessage());
  }
}
