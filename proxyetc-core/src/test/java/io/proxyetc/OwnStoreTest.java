package io.proxyetc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.spi.RouteChange;
import io.proxyetc.spi.RouteChange.Edit;
import io.proxyetc.spi.RouteSnapshot;
import io.proxyetc.spi.RouteStore;
import io.proxyetc.spi.StoredRoute;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RecordingTarget;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A proxy with a store of its user's, which throws or takes its time. */
class OwnStoreTest {

  @Test
  void whatItThrowsAtTheStartNamesItAndWhatItTookIsFreed() {
    IllegalStateException cause = new IllegalStateException("no licence");
    OwnStore store =
        new OwnStore() {
          @Override
          public void start(StoreListener listener) {
            throw cause;
          }
        };
    ProxyException fault = assertThrows(ProxyException.class, () -> proxy(store).start());
    assertTrue(fault.getMessage().startsWith("own store did not start: "), fault.getMessage());
    assertSame(cause, fault.getCause());
    assertEquals(1, store.closes.get());
  }

  @Test
  void oneThatCannotSayWhoItIsServesAllTheSame() {
    OwnStore store =
        new OwnStore() {
          @Override
          public String describe() {
            throw new IllegalStateException("no name");
          }

          @Override
          public CompletionStage<Long> apply(RouteChange change) {
            throw new IllegalStateException("no changes");
          }
        };
    try (ProxyServer proxy = proxy(store).start()) {
      ProxyException fault =
          assertThrows(
              ProxyException.class,
              () -> proxy.routes().put(Route.builder("a").to("http://x").build()));
      assertEquals(
          "route a: store "
              + store.getClass().getName()
              + " failed: java.lang.IllegalStateException: no changes",
          fault.getMessage());
    }
  }

  /** An apply(…) on an IO thread would hold up every request there. */
  @Test
  void oneThatBlocksHoldsUpNeitherWhoAsksNorTheRequests() throws Exception {
    CompletableFuture<Long> go = new CompletableFuture<>();
    try (RecordingTarget target = RecordingTarget.start()) {
      StoredRoute live = new StoredRoute(Route.builder("live").to(target.url()).build(), 1);
      OwnStore store =
          new OwnStore(live) {
            @Override
            public CompletionStage<Long> apply(RouteChange change) {
              return CompletableFuture.completedFuture(go.join());
            }
          };
      try (ProxyServer proxy = proxy(store).start();
          RawClient client = RawClient.connect(proxy.port())) {
        RouteChange change = RouteChange.of("test", Edit.delete("other"));
        CompletableFuture<Long> first = proxy.routes().apply(change).toCompletableFuture();
        CompletableFuture<Long> second = proxy.routes().apply(change).toCompletableFuture();
        client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEquals(200, client.read().status());
        assertFalse(first.isDone());
        ExecutionException fault =
            assertThrows(ExecutionException.class, () -> second.get(20, TimeUnit.SECONDS));
        assertTrue(fault.getMessage().contains("the change was not made"), fault.getMessage());
        go.complete(1L);
        assertEquals(1, Await.get("the change", first));
      } finally {
        go.complete(1L);
      }
    }
  }

  private static ProxyServer.Builder proxy(RouteStore store) {
    Limits limits = Limits.DEFAULT.withDrain(Duration.ZERO);
    return ProxyServer.builder().http("localhost", 0).ioThreads(1).limits(limits).store(store);
  }

  /** Holds what it was made with. */
  private static class OwnStore implements RouteStore {
    private final Map<String, StoredRoute> routes;
    private final AtomicInteger closes = new AtomicInteger();

    OwnStore(StoredRoute... stored) {
      routes = stored.length == 0 ? Map.of() : Map.of(stored[0].route().id(), stored[0]);
    }

    @Override
    public void start(StoreListener listener) {
      listener.onSnapshot(new RouteSnapshot(1, routes, Set.of(), Map.of(), false));
    }

    @Override
    public CompletionStage<Long> apply(RouteChange change) {
      return CompletableFuture.failedFuture(new ProxyException("read only"));
    }

    @Override
    public String describe() {
      return "own store";
    }

    @Override
    public void close() {
      closes.incrementAndGet();
    }
  }
}
