package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Exchange;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Back and forth between two groups, a hundred times, while all kinds of traffic go on. */
final class SwitchUnderLoadTest {
  private static final int SWITCHES = 100;
  private static final int ASKING = 8;
  private static final int LOADING = 4;
  private static final int TUNNELS = 4;
  private static final int PIECES = 40;
  private static final String PIECE = "0123456789".repeat(100);

  /**
   * Which group has been acknowledged: {@code 2n} while switch n is done and no other is under way,
   * odd while one is. Even n: blue.
   */
  private volatile int epoch;

  private volatile boolean over;
  private final Queue<String> faults = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger downloads = new AtomicInteger();
  private final AtomicInteger echoes = new AtomicInteger();

  private static Script server(String name) {
    return exchange -> {
      switch (exchange.request().path()) {
        case "/download" -> download(exchange);
        case "/tunnel" -> echo(exchange);
        default -> {
          exchange.readBody();
          exchange.send(Script.okay(name));
        }
      }
    };
  }

  private static void download(Exchange exchange) throws IOException {
    exchange.readBody();
    exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + PIECES * PIECE.length() + "\r\n\r\n");
    for (int i = 0; i < PIECES; i++) {
      exchange.send(PIECE);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(25));
    }
  }

  private static void echo(Exchange exchange) throws IOException {
    exchange.send(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n");
    byte[] buffer = new byte[1024];
    for (int n = exchange.readRaw(buffer); n > 0; n = exchange.readRaw(buffer)) {
      exchange.send(buffer, 0, n);
    }
    exchange.bodyDone();
    exchange.close();
  }

  @Test
  void noRequestFailsAndNoneIsServedByTheGroupThatWasLeft() {
    try (RecordingTarget blue = RecordingTarget.start(server("blue"));
        RecordingTarget green = RecordingTarget.start(server("green"));
        ProxyServer proxy =
            ProxyServer.builder().http("localhost", 0).ioThreads(2).limits(Rig.LIMITS).start()) {
      proxy
          .routes()
          .put(Route.builder("app").group("blue", blue.url()).group("green", green.url()).build());
      List<CompletableFuture<Void>> running = new ArrayList<>();
      start(running, ASKING, () -> ask(proxy.port()));
      start(running, LOADING, () -> load(proxy.port()));
      start(running, TUNNELS, () -> talk(proxy.port()));
      for (int i = 1; i <= SWITCHES; i++) {
        epoch++;
        proxy.routes().switchTo("app", i % 2 == 0 ? "blue" : "green");
        epoch++;
        int asked = answers.get();
        Await.until("answers of the new group", () -> answers.get() >= asked + 2 * ASKING);
      }
      over = true;
      running.forEach(each -> Await.get("all traffic ends", each));
      assertEquals(List.of(), List.copyOf(faults));
      assertTrue(downloads.get() >= LOADING, "downloads: " + downloads);
      assertTrue(echoes.get() > TUNNELS, "echoes: " + echoes);
    }
  }

  private void start(List<CompletableFuture<Void>> running, int count, Runnable work) {
    for (int i = 0; i < count; i++) {
      running.add(
          OwnThread.run(
              () -> {
                try {
                  work.run();
                } catch (UncheckedIOException | AssertionError e) {
                  faults.add(e.toString());
                }
              }));
    }
  }

  private void ask(int port) {
    try (RawClient client = RawClient.connect(port)) {
      while (!over && faults.isEmpty()) {
        int before = epoch;
        RawResponse answer = client.send(Rig.request("GET", "/")).read();
        if (answer.status() != 200) {
          faults.add(answer.status() + " " + answer.body());
        }
        boolean steady = before % 2 == 0 && epoch == before;
        String group = before / 2 % 2 == 0 ? "blue" : "green";
        if (steady && !answer.body().equals(group)) {
          faults.add(answer.body() + " answered after the switch to " + group);
        }
        answers.incrementAndGet();
      }
    }
  }

  private void load(int port) {
    while (!over && faults.isEmpty()) {
      try (RawClient client = RawClient.connect(port)) {
        RawResponse answer = client.send(Rig.request("GET", "/download")).read();
        if (answer.status() != 200 || answer.body().length() != PIECES * PIECE.length()) {
          faults.add("a download was cut: " + answer.status());
        }
        downloads.incrementAndGet();
      }
    }
  }

  private void talk(int port) {
    try (RawClient client = RawClient.connect(port)) {
      client.send(Rig.request("GET", "/tunnel", "Connection: Upgrade", "Upgrade: raw"));
      assertEquals(101, client.readHead("GET").status());
      while (!over && faults.isEmpty()) {
        assertEquals("hello", client.send("hello").readExactly(5));
        echoes.incrementAndGet();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
      }
    }
  }
}
