package io.proxyetc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.spi.RouteStore;
import io.proxyetc.spi.StoredRoute;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.JdkTarget;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.ScriptedStore;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proxies with stores of different kinds, through the public API alone. */
class StoresTest {
  @TempDir private Path directory;

  @Test
  void aFileStoreOutlivesTheProxyAndIsEditedByHand() throws IOException {
    Path file = directory.resolve("routes.json");
    try (JdkTarget one = target("one");
        JdkTarget two = target("two")) {
      try (ProxyServer proxy = proxy().fileStore(file).start()) {
        proxy.routes().put(Route.builder("app").to(one.url()).build());
        assertEquals("one", get(proxy));
      }
      try (ProxyServer proxy = proxy().fileStore(file).start()) {
        assertEquals("one", get(proxy), "the route is live when the proxy has started");
        Files.writeString(file, "[{\"id\": \"app\", \"to\": [\"" + two.url() + "\"]}]");
        Await.until("the edit", () -> get(proxy).equals("two"));

        Files.writeString(file, "[{\"id\": \"app\", \"to\": [\"" + two.url() + "\"]");
        Await.until("a report", () -> proxy.routes().refused().containsKey("file routes.json"));
        assertEquals("two", get(proxy));

        Files.writeString(file, "[{\"id\": \"app\", \"too\": []}]");
        Await.until("a report", () -> proxy.routes().refused().containsKey("app"));
        assertEquals("two", get(proxy));
        assertFalse(proxy.routes().refused().containsKey("file routes.json"));
      }
      try (ProxyServer proxy = proxy().fileStore(file).start()) {
        assertEquals("two", get(proxy), "the last good version, though the file has none");
        proxy.routes().put(Route.builder("app").to(one.url()).build());
        assertEquals("one", get(proxy));
        assertEquals(Map.of(), proxy.routes().refused());
      }
    }
  }

  @Test
  void theLastGoodRoutesServeWhileTheStoreIsAway() throws IOException {
    Path copy = directory.resolve("last-good.json");
    try (JdkTarget one = target("one")) {
      StoredRoute app = new StoredRoute(Route.builder("app").to(one.url()).build(), 3);
      ScriptedStore there = new ScriptedStore();
      there.onStart(() -> there.deliver(3, false, app));
      proxy().store(there).lastGood(copy).start().close();
      assertEquals(1, there.closes());

      ScriptedStore away = new ScriptedStore();
      away.onStart(() -> away.tell(RouteStore.State.STALE, "nobody listens there"));
      try (ProxyServer proxy = proxy().store(away).lastGood(copy).start()) {
        assertEquals("one", get(proxy));
        ProxyException fault =
            assertThrows(ProxyException.class, () -> proxy.routes().delete("app"));
        assertTrue(fault.getMessage().contains("scripted store is away"), fault.getMessage());

        StoredRoute other = new StoredRoute(Route.builder("other").to(one.url()).build(), 2);
        away.deliver(2, false, other); // an older backup: lower revisions than before
        assertEquals(List.of(other.route()), List.copyOf(proxy.routes().list()));
        CompletableFuture<Boolean> delete = OwnThread.get(() -> proxy.routes().delete("other"));
        away.asked(0).answer().complete(3L);
        away.deliver(3, false);
        assertTrue(Await.get("the delete", delete));
      }
    }
  }

  @Test
  void aStoreIsClosedWhenTheProxyCannotStart() {
    ScriptedStore store = new ScriptedStore();
    try (ProxyServer other = proxy().start()) {
      ProxyServer.Builder taken =
          ProxyServer.builder().http("localhost", other.port()).store(store);
      assertThrows(ProxyException.class, taken::start);
    }
    assertEquals(1, store.closes());
  }

  private static ProxyServer.Builder proxy() {
    return ProxyServer.builder().http("localhost", 0).ioThreads(1);
  }

  private static JdkTarget target(String answer) {
    return JdkTarget.start(JdkTarget.text(answer));
  }

  private static String get(ProxyServer proxy) {
    try {
      return HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(URI.create("http://localhost:" + proxy.port() + "/")).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
