package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyServer;
import io.proxyetc.Retries;
import io.proxyetc.Route;
import io.proxyetc.spi.Balancer;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.Sneaky;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Balancers of users that do what they should not: the request ends, and others do not notice. */
final class OwnBalancerTest {
  private final AtomicInteger asked = new AtomicInteger();

  private RawResponse answerBy(Balancer.Picker picker) throws Exception {
    Balancer counting =
        targets ->
            (request, attempt) -> {
              asked.incrementAndGet();
              return picker.pick(request, attempt);
            };
    try (RecordingTarget target = RecordingTarget.start(Script.echoLine());
        ProxyServer proxy =
            ProxyServer.builder()
                .http("localhost", 0)
                .ioThreads(1)
                .limits(Rig.LIMITS)
                .balancer("own", counting)
                .start();
        RawClient client = RawClient.connect(proxy.port())) {
      proxy.routes().put(Route.builder("own").to(refusing(), target.url()).balancer("own").build());
      client.send(Rig.request("GET", "/a"));
      RawResponse got = client.read();
      Await.until("nothing is in flight", () -> proxy.stats().inFlight() == 0);
      return got;
    }
  }

  /** A port that nobody listens on. */
  private static String refusing() throws Exception {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return "http://127.0.0.1:" + free.getLocalPort();
    }
  }

  @Test
  void oneThatNamesTheSameTargetAgainAndAgainIsAskedOnlySoOften() throws Exception {
    assertEquals(502, answerBy((request, attempt) -> 0).status());
    assertTrue(asked.get() <= 2 * 2 * (1 + Retries.DEFAULT.attempts()), "asked " + asked);
  }

  @Test
  void whatOneThrowsIsAnsweredWith500() throws Exception {
    RawResponse got =
        answerBy(
            (request, attempt) -> {
              throw new IllegalStateException("not today");
            });
    assertEquals(500, got.status());
  }

  /** The client's connection was cut without a word: an IOException was taken for its own end. */
  @Test
  void soIsWhateverOneThrows() throws Exception {
    for (Throwable any :
        List.of(new IOException("sneaky"), new Error("plain"), new OutOfMemoryError("of a kind"))) {
      RawResponse got =
          answerBy(
              (request, attempt) -> {
                throw Sneaky.thrown(any);
              });
      assertEquals(500, got.status(), any.toString());
    }
  }

  @Test
  void soIsWhatOneThrowsAfterAFailedConnect() throws Exception {
    RawResponse got =
        answerBy(
            (request, attempt) -> {
              if (attempt > 0) {
                throw new IllegalStateException("no second one");
              }
              return 0;
            });
    assertEquals(500, got.status());
  }

  /** It is named for what it does, its route is served, and no other route waits for it. */
  @Test
  void oneThatDoesNotReturnHoldsUpNoRoute() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Balancer hanging =
        targets -> {
          awaitQuietly(go);
          return (request, attempt) -> attempt == 0 ? 1 : -1;
        };
    try (RecordingTarget one = RecordingTarget.start(Script.raw(Script.okay("one")));
        RecordingTarget two = RecordingTarget.start(Script.raw(Script.okay("two")));
        ProxyServer proxy =
            ProxyServer.builder()
                .http("localhost", 0)
                .ioThreads(1)
                .limits(Rig.LIMITS)
                .balancer("hanging", hanging)
                .start();
        RawClient client = RawClient.connect(proxy.port())) {
      try {
        Route.Builder hung = Route.builder("hung").balancer("hanging").path("/hung");
        proxy.routes().put(hung.to(one.url(), two.url()).build());
        proxy.routes().put(Route.builder("other").to(one.url()).build());
        assertEquals("one", client.send(Rig.request("GET", "/other")).read().body());
        Set<String> answers = new HashSet<>();
        for (int i = 0; i < 2; i++) {
          answers.add(client.send(Rig.request("GET", "/hung")).read().body());
        }
        assertEquals(Set.of("one", "two"), answers, "round robin stands in");
      } finally {
        go.countDown();
      }
      Await.until(
          "its own picker",
          () -> {
            String first = client.send(Rig.request("GET", "/hung")).read().body();
            String second = client.send(Rig.request("GET", "/hung")).read().body();
            return first.equals("two") && second.equals("two");
          });
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anHonestOneReachesTheNextTarget() throws Exception {
    assertEquals("GET /a", answerBy((request, attempt) -> attempt < 2 ? attempt : -1).body());
  }
}
