package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyServer;
import io.proxyetc.Retries;
import io.proxyetc.Retries.On;
import io.proxyetc.Route;
import io.proxyetc.Timeouts;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route says of retries: after which faults and answers, how soon, and how many at all. */
final class RetryConditionsTest {
  private static final Script SORRY = Script.raw(Script.response("503 Sorry", "sorry"));
  private static final Duration NONE = Duration.ZERO;
  private static final Duration SHORT = Duration.ofMillis(100);

  private static Retries on(On... faults) {
    return new Retries(2, NONE, 100, Set.of(faults), Set.of());
  }

  private static Retries statuses(int attempts, Integer... statuses) {
    return new Retries(attempts, NONE, 100, Set.of(), Set.of(statuses));
  }

  private static Retries perTry(int attempts, int budget) {
    return new Retries(attempts, SHORT, budget, Set.of(On.TIMEOUT), Set.of());
  }

  private static Timeouts response(long millis) {
    Timeouts usual = Timeouts.DEFAULT;
    return new Timeouts(usual.connect(), Duration.ofMillis(millis), usual.idle(), usual.total());
  }

  // ---- faults ----

  @Test
  void aBrokenConnectionIsRetriedOnlyWhereTheRouteSaysSo() {
    Script hangUp = Script.rawThenClose("");
    try (Rig rig = Rig.start(Script.echoLine(), route -> route.retries(on(On.CONNECT)))) {
      rig.target().next(hangUp);
      assertEquals(502, rig.get("/a").status());
      rig.target().assertReceived("GET /a");
    }
    try (Rig rig = Rig.start(Script.echoLine(), route -> route.retries(on(On.RESET)))) {
      rig.target().next(hangUp);
      assertEquals("GET /a", rig.get("/a").body());
    }
  }

  @Test
  void aRefusedConnectIsRetriedOnlyWhereTheRouteSaysSo() {
    try (RecordingTarget dead = RecordingTarget.start();
        Rig rig =
            Rig.start(Script.echoLine(), route -> route.to(dead.url()).retries(on(On.RESET)))) {
      dead.stopListening();
      int refused = rig.get("/a").status() + rig.get("/b").status();
      assertEquals(502 + 200, refused, "one of the two begins at the dead one");
      assertEquals(0, rig.proxy().stats().retries());
    }
  }

  @Test
  void aTimeoutIsRetriedWhereTheRouteSaysSo() {
    try (Rig rig =
        Rig.start(
            Script.echoLine(), route -> route.retries(on(On.TIMEOUT)).timeouts(response(100)))) {
      rig.target().next(Script.silent());
      assertEquals("GET /a", rig.get("/a").body());
      rig.target().next(Script.silent());
      assertEquals(504, rig.exchange(Rig.request("POST", "/b")).status());
      rig.target().assertReceived("GET /a", "GET /a", "POST /b");
    }
  }

  // ---- statuses ----

  @Test
  void anAnswerIsTriedElsewhere() {
    try (RecordingTarget sorry = RecordingTarget.start(SORRY);
        Rig rig =
            Rig.start(
                Script.echoLine(), route -> route.to(sorry.url()).retries(statuses(1, 503)))) {
      for (int i = 0; i < 4; i++) {
        assertEquals("GET /" + i, rig.get("/" + i).body());
      }
      assertEquals(2, sorry.requests().size());
      assertEquals(
          1, sorry.connections().size(), "its answers were short: it keeps its connection");
      assertEquals(2, rig.proxy().stats().retries());
      assertEquals(4, rig.proxy().stats().groups().get("all/default").requests());
      assertEquals(0, rig.proxy().stats().groups().get("all/default").failures());
    }
  }

  /** A body that does not end is no reason to wait, and none to mix it up with another answer. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 503 No\r\nContent-Length: 100000000\r\n\r\nbegun",
        "HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n",
        "HTTP/1.1 503 No\r\n\r\nbegun",
        "HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n"
      })
  void theRestOfSuchAnAnswerIsThrownAway(String answer) {
    try (Rig rig = Rig.start(Script.echoLine(), route -> route.retries(statuses(1, 503)))) {
      rig.target().next(Script.raw(answer));
      assertEquals("GET /a", rig.get("/a").body());
      assertEquals(2, rig.target().connections().size());
      rig.target().connections().get(0).awaitEnded();
    }
  }

  @Test
  void theLastAttemptsAnswerIsPassedOn() {
    try (Rig rig = Rig.start(SORRY, route -> route.retries(statuses(2, 503)))) {
      RawResponse got = rig.get("/a");
      assertEquals(503, got.status());
      assertEquals("sorry", got.body());
      rig.target().assertReceived("GET /a", "GET /a", "GET /a");
    }
  }

  @Test
  void otherAnswersAndOtherRequestsAreNotTriedAgain() {
    try (Rig rig = Rig.start(SORRY, route -> route.retries(statuses(2, 502)))) {
      assertEquals(503, rig.get("/a").status());
      rig.target().assertReceived("GET /a");
    }
    try (Rig rig = Rig.start(SORRY, route -> route.retries(statuses(2, 503)))) {
      assertEquals(503, rig.exchange(Rig.request("POST", "/a")).status());
      assertEquals(503, rig.exchange(Rig.request("PUT", "/b", "Content-Length: 1") + "x").status());
      rig.target().assertReceived("POST /a", "PUT /b");
    }
  }

  // ---- per try ----

  @Test
  void anAttemptThatTakesTooLongMakesWayForAnother() {
    try (Rig rig = Rig.start(Script.echoLine(), route -> route.retries(perTry(1, 100)))) {
      rig.target().next(Script.silent());
      assertEquals("GET /a", rig.get("/a").body());
      rig.target().connections().get(0).awaitEnded();
      assertEquals(1, rig.proxy().stats().retries());
    }
  }

  private static Script late(CompletableFuture<Void> mayAnswer) {
    return exchange -> {
      Await.get("leave to answer", mayAnswer);
      exchange.send(Script.okay("late"));
    };
  }

  /** The last attempt, and a request that cannot be repeated, have all the time of a response. */
  @Test
  void whatCannotBeRepeatedIsNotHurried() {
    CompletableFuture<Void> mayAnswer = new CompletableFuture<>();
    try (Rig rig = Rig.start(late(mayAnswer), route -> route.retries(perTry(1, 100)));
        RawClient idempotent = rig.client();
        RawClient other = rig.client()) {
      idempotent.send(Rig.request("GET", "/a"));
      other.send(Rig.request("POST", "/b"));
      Await.until("the second attempt", () -> rig.target().lines().size() == 3);
      idempotent.expectSilence(400); // several times as long as one attempt
      mayAnswer.complete(null);
      assertEquals("late", idempotent.read().body());
      assertEquals("late", other.read().body());
      assertEquals(1, rig.proxy().stats().retries());
    }
  }

  // ---- budget ----

  @Test
  void anOutageIsNotMultiplied() {
    try (Rig rig =
            Rig.start(
                Script.rawThenClose(""),
                route -> route.retries(new Retries(10, NONE, 0, Set.of(On.RESET), Set.of())));
        RawClient client = rig.client()) {
      long begin = System.nanoTime();
      for (int i = 0; i < 50; i++) {
        assertEquals(502, client.send(Rig.request("GET", "/" + i)).read().status());
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      long retries = rig.proxy().stats().retries();
      assertTrue(retries >= 100 && retries <= 100 + 10 * seconds + 1, "retries: " + retries);
      assertTrue(rig.proxy().stats().retriesRefused() > 0);
      assertEquals(50 + retries, rig.target().requests().size());
    }
  }

  /** The group that a switch has left may be shut down before all of its requests are answered. */
  @Test
  void whatBreaksOffAfterASwitchIsAnsweredByTheNewGroup() {
    try (RecordingTarget old = RecordingTarget.start(Script.silent());
        RecordingTarget young = RecordingTarget.start();
        ProxyServer proxy =
            ProxyServer.builder().http("localhost", 0).ioThreads(1).limits(Rig.LIMITS).start();
        RawClient client = RawClient.connect(proxy.port())) {
      proxy
          .routes()
          .put(Route.builder("all").group("old", old.url()).group("young", young.url()).build());
      client.send(Rig.request("GET", "/a"));
      Await.until("the old group has it", () -> old.requests().size() == 1);
      proxy.routes().switchTo("all", "young");
      old.close();
      assertEquals("GET /a", client.read().body());
    }
  }

  /** A handshake that breaks off was work for the target. */
  @Test
  void handshakesAreNotMultipliedEither() throws IOException {
    AtomicInteger accepted = new AtomicInteger();
    try (ServerSocket hangsUp = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        ProxyServer proxy =
            ProxyServer.builder().http("localhost", 0).ioThreads(1).limits(Rig.LIMITS).start();
        RawClient client = RawClient.connect(proxy.port())) {
      CompletableFuture<Void> accepting =
          OwnThread.run(
              () -> {
                try {
                  while (true) {
                    hangsUp.accept().close();
                    accepted.incrementAndGet();
                  }
                } catch (IOException closed) {
                  // the test is over
                }
              });
      proxy
          .routes()
          .put(
              Route.builder("all")
                  .to("https://127.0.0.1:" + hangsUp.getLocalPort())
                  .retries(new Retries(10, NONE, 0, Set.of(On.CONNECT), Set.of()))
                  .build());
      long begin = System.nanoTime();
      for (int i = 0; i < 50; i++) {
        assertEquals(502, client.send(Rig.request("GET", "/" + i)).read().status());
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      int handshakes = accepted.get();
      assertTrue(handshakes <= 50 + 100 + 10 * seconds + 1, "handshakes: " + handshakes);
      hangsUp.close();
      Await.get("nobody accepts", accepting);
    }
  }

  /** Right after a start there is no share of earlier requests yet. */
  @Test
  void whereATargetOfManyLongRequestsDiesNoneFails() {
    int many = 80;
    try (RecordingTarget dying = RecordingTarget.start(Script.silent());
        RecordingTarget other = RecordingTarget.start();
        ProxyServer proxy =
            ProxyServer.builder().http("localhost", 0).ioThreads(1).limits(Rig.LIMITS).start()) {
      proxy.routes().put(Route.builder("all").to(dying.url(), other.url()).build());
      List<CompletableFuture<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        answers.add(
            OwnThread.get(
                () -> {
                  try (RawClient client = RawClient.connect(proxy.port())) {
                    return client.send(Rig.request("GET", "/")).read().status();
                  }
                }));
      }
      Await.until("half of them wait", () -> dying.requests().size() == many / 2);
      dying.close();
      for (CompletableFuture<Integer> answer : answers) {
        assertEquals(200, Await.get("an answer", answer));
      }
    }
  }

  /** Without a budget an answer is passed on, and one that is late is waited for. */
  @Test
  void withoutABudgetNothingIsLost() {
    Script hangUp = Script.rawThenClose("");
    Retries all = new Retries(10, SHORT, 0, Set.of(On.RESET, On.TIMEOUT), Set.of(503));
    CompletableFuture<Void> mayAnswer = new CompletableFuture<>();
    try (Rig rig = Rig.start(SORRY, route -> route.retries(all));
        RawClient client = rig.client()) {
      Await.until(
          "the budget is used up",
          () -> {
            rig.get("/sorry");
            return rig.proxy().stats().retriesRefused() > 0;
          });
      assertEquals("sorry", rig.get("/a").body());
      rig.target().always(hangUp).next(late(mayAnswer));
      client.send(Rig.request("GET", "/late"));
      Await.until(
          "it may not be tried again, or was",
          () -> {
            long refused = rig.proxy().stats().retriesRefused();
            int status = rig.get("/fails").status();
            return status == 502 && rig.proxy().stats().retriesRefused() > refused;
          });
      mayAnswer.complete(null);
      int status = client.read().status();
      assertTrue(status == 200 || status == 502, "status " + status);
    }
  }
}
