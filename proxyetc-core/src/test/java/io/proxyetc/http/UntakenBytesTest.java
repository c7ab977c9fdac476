package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Limits;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.Timeouts;
import io.proxyetc.Tls;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.BusyPort;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.TestCertificates;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bytes that come when nobody takes them: a body whose target is not connected yet, one that nobody
 * wants, the next request. They cost hardly anything, and others do not notice.
 */
final class UntakenBytesTest {
  private static final String PART_OF_A_BODY =
      Rig.request("POST", "/busy", "Content-Length: 1000000") + "x".repeat(1000);
  private static final String LARGE_PART =
      Rig.request("POST", "/busy", "Content-Length: 10000000") + "x".repeat(600_000);

  /** A proxy with a target that answers, and one at {@code /busy} that nobody gets through to. */
  private static final class Pair implements AutoCloseable {
    final BusyPort busy = BusyPort.open();
    final RecordingTarget target = RecordingTarget.start(Script.echoLine());
    final ProxyServer proxy;

    Pair(ProxyServer.Builder builder) {
      proxy = builder.ioThreads(1).limits(Rig.LIMITS).start();
      Duration minute = Duration.ofMinutes(1);
      Timeouts patient = new Timeouts(minute, minute, minute, Duration.ZERO);
      proxy.routes().put(Route.builder("all").to(target.url()).build());
      proxy
          .routes()
          .put(
              Route.builder("busy")
                  .path("/busy")
                  .to(busy.url())
                  .timeouts(patient)
                  .retries(0)
                  .build());
    }

    @Override
    public void close() {
      proxy.close();
      target.close();
      busy.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aClientThatLeavesBeforeItsTargetIsConnectedIsNoticed(boolean rudely) {
    try (Pair pair = new Pair(ProxyServer.builder().http("127.0.0.1", 0))) {
      for (String sent : List.of(PART_OF_A_BODY, Rig.post("/busy", "whole"))) {
        RawClient client = RawClient.connect(pair.proxy.port()).send(sent);
        Await.until("it is under way", () -> pair.proxy.stats().inFlight() == 1);
        if (rudely) {
          client.reset();
        } else {
          client.hangUp();
        }
        Await.until("it is cancelled", () -> pair.proxy.stats().inFlight() == 0);
        Await.until("no client is left", () -> pair.proxy.stats().openConnections() == 0);
        assertEquals(0, pair.proxy.stats().bufferedBytes());
      }
    }
  }

  @Test
  void bytesOfABodyBeforeItsTargetIsConnectedDoNotKeepTheThreadBusy() {
    try (Pair pair = new Pair(ProxyServer.builder().http("127.0.0.1", 0));
        RawClient some = RawClient.connect(pair.proxy.port());
        RawClient many = RawClient.connect(pair.proxy.port())) {
      some.send(PART_OF_A_BODY);
      many.send(LARGE_PART);
      Await.until("both are under way", () -> pair.proxy.stats().inFlight() == 2);
      assertRests(pair.proxy);
      assertTrue(pair.proxy.stats().bufferedBytes() <= 256 * 1024, "buffered");
    }
  }

  /** Over TLS the rest of it waits in the proxy: no socket would announce it. */
  @Test
  void othersAreServedWhileEncryptedBodiesWait(@TempDir Path directory) {
    TestCertificates ca = TestCertificates.in(directory);
    TestCertificates.Leaf leaf = ca.leaf(TestCertificates.Kind.EC_PKCS8, "app.test");
    Tls tls = Tls.pem(leaf.certificate(), leaf.key());
    try (Pair pair =
        new Pair(ProxyServer.builder().http("127.0.0.1", 0).https("127.0.0.1", 0, tls))) {
      int secure = pair.proxy.listeners().get(1).port();
      List<RawClient> uploads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        RawClient client = RawClient.tls(secure, ca.clientContext(), "app.test", "http/1.1");
        OwnThread.run(() -> client.send(LARGE_PART));
        uploads.add(client);
      }
      Await.until("they are under way", () -> pair.proxy.stats().inFlight() == 4);
      for (int i = 0; i < 20; i++) {
        try (RawClient other = RawClient.connect(pair.proxy.port())) {
          assertEquals("GET /" + i, other.send(Rig.request("GET", "/" + i)).read().body());
        }
      }
      assertRests(pair.proxy);
      uploads.forEach(RawClient::reset);
    }
  }

  /** It sends requests with bodies in advance, and takes none of the answers. */
  @Test
  void aClientThatTakesNoAnswersDoesNotKeepTheThreadBusy() {
    Limits limits = Rig.LIMITS;
    try (Rig rig = Rig.start(Script.echoLine(), limits, route -> route.path("/only"));
        RawClient client = RawClient.connectNarrow(rig.port(), 4096)) {
      String none = Rig.post("/none", "z".repeat(300));
      AtomicLong sent = new AtomicLong();
      CompletableFuture<Void> sending =
          OwnThread.run(
              () -> {
                try {
                  while (sent.incrementAndGet() < 1_000_000) {
                    client.send(none);
                  }
                } catch (RuntimeException e) {
                  // the end of the test
                }
              });
      Await.until(
          "the client is held up",
          () -> {
            long before = sent.get();
            LockSupport.parkNanos(200_000_000);
            return sent.get() == before && rig.proxy().stats().bufferedBytes() > 0;
          });
      assertRests(rig.proxy());
      client.reset();
      Await.get("the end of sending", sending);
    }
  }

  @Test
  void theBeginningOfTheNextRequestTakesHardlyAnyMemory() {
    CompletableFuture<Void> go = new CompletableFuture<>();
    Script waiting =
        exchange -> {
          Await.get("leave to answer", go);
          exchange.send(Script.okay(exchange.request().path()));
        };
    try (Rig rig = Rig.start(waiting)) {
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        clients.add(rig.client().send(Rig.request("GET", "/" + i) + "G"));
      }
      Await.until("all are under way", () -> rig.target().requests().size() == 100);
      assertTrue(
          rig.proxy().stats().bufferedBytes() <= 100 * 2048,
          () -> rig.proxy().stats().bufferedBytes() + " bytes for 100");
      go.complete(null);
      for (int i = 0; i < 100; i++) {
        RawClient client = clients.get(i);
        assertEquals("/" + i, client.read().body());
        client.send(Rig.request("GET", "/next").substring(1));
        assertEquals("/next", client.read().body());
        client.hangUp();
      }
      Await.until("nothing is kept", () -> rig.proxy().stats().bufferedBytes() == 0);
    }
  }

  /** Looks for a moment in which the IO thread does next to nothing: one that spins has none. */
  private static void assertRests(ProxyServer proxy) {
    String name = "I/O-1";
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] io =
        Thread.getAllStackTraces().keySet().stream()
            .filter(t -> t.getName().startsWith("proxyetc-") && t.getName().endsWith(name))
            .mapToLong(Thread::getId)
            .toArray();
    assertTrue(io.length > 0 && !proxy.listeners().isEmpty(), "there is no IO thread");
    Await.until(
        "the IO threads rest",
        () -> {
          long before = used(threads, io);
          LockSupport.parkNanos(200_000_000);
          return used(threads, io) - before < 40_000_000;
        });
  }

  private static long used(ThreadMXBean threads, long[] ids) {
    long sum = 0;
    for (long id : ids) {
      sum += Math.max(0, threads.getThreadCpuTime(id));
    }
    return sum;
  }
}
