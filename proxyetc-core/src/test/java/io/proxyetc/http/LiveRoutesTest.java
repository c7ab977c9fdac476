package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Route;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Routes change while traffic flows, and no request notices. */
final class LiveRoutesTest {

  @Test
  void putIsLiveWhenItReturns() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      rig.proxy().routes().delete("all");
      assertEquals(404, client.send(Rig.request("GET", "/a")).read().status());
      for (int i = 0; i < 100; i++) {
        rig.proxy()
            .routes()
            .put(Route.builder("r" + i).path("/r" + i).to(rig.target().url()).build());
        assertEquals("GET /r" + i, client.send(Rig.request("GET", "/r" + i)).read().body());
      }
    }
  }

  @Test
  void deleteIsLiveWhenItReturns() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      for (int i = 0; i < 20; i++) {
        assertTrue(rig.proxy().routes().delete("all"));
        assertEquals(404, client.send(Rig.request("GET", "/a")).read().status());
        rig.proxy().routes().put(Route.builder("all").to(rig.target().url()).build());
        assertEquals(200, client.send(Rig.request("GET", "/a")).read().status());
      }
    }
  }

  /** A route is looked up for each request, not for each connection. */
  @Test
  void switchIsLiveWhenItReturns() {
    try (RecordingTarget green = RecordingTarget.start(Script.raw(Script.okay("green")));
        Rig rig = Rig.start(Script.raw(Script.okay("blue")));
        RawClient client = rig.client()) {
      rig.proxy()
          .routes()
          .put(
              Route.builder("all")
                  .group("blue", rig.target().url())
                  .group("green", green.url())
                  .build());
      for (int i = 0; i < 20; i++) {
        String group = i % 2 == 0 ? "green" : "blue";
        rig.proxy().routes().switchTo("all", group);
        assertEquals(group, client.send(Rig.request("GET", "/a")).read().body());
      }
    }
  }

  /** What runs when its route changes or goes, runs on. */
  @Test
  void openStreamSurvivesTheEndOfItsRoute() {
    CompletableFuture<Void> go = new CompletableFuture<>();
    Script script =
        exchange -> {
          exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          exchange.send(Wire.chunk("before"));
          Await.get("the route is gone", go);
          exchange.send(Wire.chunk("after") + "0\r\n\r\n");
        };
    try (Rig rig = Rig.start(script);
        RawClient client = rig.client()) {
      RawResponse head = client.send(Rig.request("GET", "/a")).readHead("GET");
      assertEquals(200, head.status());
      assertEquals("before", client.readChunk());
      rig.proxy().routes().delete("all");
      assertEquals(404, rig.get("/b").status());
      go.complete(null);
      assertEquals("after", client.readChunk());
      assertEquals("", client.readChunk());
      assertEquals("\r\n", client.readExactly(2));
      assertEquals(404, client.send(Rig.request("GET", "/c")).read().status());
    }
  }

  @Test
  void changesUnderLoadFailNoRequest() {
    ExecutorService threads = Executors.newCachedThreadPool();
    AtomicBoolean done = new AtomicBoolean();
    try (RecordingTarget green = RecordingTarget.start(Script.raw(Script.okay("green")));
        Rig rig = Rig.start(Script.raw(Script.okay("blue")))) {
      Route route =
          Route.builder("all")
              .group("blue", rig.target().url())
              .group("green", green.url())
              .build();
      rig.proxy().routes().put(route);
      AtomicInteger answered = new AtomicInteger();
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        clients.add(run(threads, () -> ask(rig, done, answered)));
      }
      for (int i = 0; i < 150; i++) {
        int round = i;
        switch (i % 4) {
          case 0 -> rig.proxy().routes().switchTo("all", "green");
          case 1 ->
              rig.proxy()
                  .routes()
                  .put(Route.builder("other").host("o" + round).to(green.url()).build());
          case 2 -> rig.proxy().routes().switchTo(Map.of("all", "blue"));
          default -> rig.proxy().routes().put(route);
        }
        int before = answered.get();
        Await.until("requests between two changes", () -> answered.get() > before);
      }
      done.set(true);
      clients.forEach(client -> Await.get("a client without a failed request", client));
      assertTrue(answered.get() > 150);
      assertTrue(!green.requests().isEmpty());
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
  }

  private static void ask(Rig rig, AtomicBoolean done, AtomicInteger answered) {
    try (RawClient client = rig.client()) {
      while (!done.get()) {
        RawResponse got = client.send(Rig.request("GET", "/a")).read();
        assertEquals(200, got.status());
        assertTrue(got.body().equals("blue") || got.body().equals("green"), got.body());
        answered.incrementAndGet();
      }
    }
  }

  /** Fifty clients at once, each with answers of its own, of many sizes and framings. */
  @Test
  void fiftyClientsGetTheirOwnAnswers() {
    ExecutorService threads = Executors.newCachedThreadPool();
    try (Rig rig = Rig.start(Script.echoBody(), route -> route, proxy -> proxy.ioThreads(2))) {
      List<CompletableFuture<Void>> clients = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        int number = i;
        clients.add(run(threads, () -> talk(rig, number)));
      }
      clients.forEach(client -> Await.get("a client", client));
      assertEquals(50 * 40, rig.target().requests().size());
      assertEquals(List.of(), rig.target().faults());
      assertTrue(rig.target().connections().size() <= 60, "connections are used again");
    } finally {
      threads.shutdownNow();
    }
  }

  private static void talk(Rig rig, int number) {
    try (RawClient client = rig.client()) {
      for (int i = 0; i < 40; i++) {
        String body = (number + ":" + i + ";").repeat(1 + (number * i) % 500);
        String path = "/" + number + "/" + i;
        client.send(i % 2 == 0 ? Rig.post(path, body) : Rig.postChunked(path, body));
        assertEquals(body, client.read().body());
      }
    }
  }

  private static CompletableFuture<Void> run(Executor threads, Runnable work) {
    return CompletableFuture.runAsync(work, threads);
  }
}
