package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Limits;
import io.proxyetc.Route;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;
import io.proxyetc.spi.Balancer;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.TargetConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Row 28 and the design's rule 8: a request is sent again only where nothing of it was sent, or
 * where it is idempotent, no body was consumed, and no byte of the answer has gone out.
 */
final class RetryTest {
  /** Ends the connection instead of an answer: what a keep-alive race looks like. */
  private static Script hangingUp() {
    return Script.rawThenClose("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "DELETE", "PUT"})
  void idempotentRequestIsSentAgain(String method) {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      assertEquals(200, client.send(Rig.request("GET", "/first")).read().status());
      rig.target().next(hangingUp()).always(answer(method));
      assertEquals(200, client.send(Rig.request(method, "/a")).read(method).status());
      rig.target().assertReceived("GET /first", method + " /a", method + " /a");
      assertEquals(1, rig.proxy().stats().retries());
    }
  }

  private static Script answer(String method) {
    return Script.raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Method: " + method + "\r\n\r\n");
  }

  @Test
  void resetIsAsGoodAsAnEnd() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      assertEquals(200, client.send(Rig.request("GET", "/first")).read().status());
      rig.target().next(Script.rawThenReset(""));
      assertEquals("GET /a", client.send(Rig.request("GET", "/a")).read().body());
    }
  }

  /** A target that keeps every connection, and then closes it when the next request comes. */
  private static Script oneAnswerEach(Set<Integer> answered) {
    return exchange -> {
      if (answered.add(exchange.request().connection())) {
        Script.echoLine().run(exchange);
      } else {
        hangingUp().run(exchange);
      }
    };
  }

  /** However many such connections are in the pool, and where no attempt more is allowed, too. */
  @Test
  void keptConnectionsThatTheTargetClosesAreNoFaultOfIt() {
    int many = 8;
    CountDownLatch together = new CountDownLatch(many);
    Script[] waiting = new Script[many];
    Set<Integer> answered = ConcurrentHashMap.newKeySet();
    Script each = oneAnswerEach(answered);
    Arrays.fill(
        waiting,
        (Script)
            exchange -> {
              together.countDown();
              Await.until("as many connections are open", () -> together.getCount() == 0);
              each.run(exchange);
            });
    try (Rig rig = Rig.start(each, route -> route.retries(0))) {
      rig.target().next(waiting);
      List<RawClient> clients = new ArrayList<>();
      for (int i = 0; i < many; i++) {
        clients.add(rig.client().send(Rig.request("GET", "/" + i)));
      }
      clients.forEach(client -> assertEquals(200, client.read().status()));
      for (int i = 0; i < many; i++) {
        RawClient client = clients.get(i);
        assertEquals("GET /again", client.send(Rig.request("GET", "/again")).read().body());
        client.close();
      }
      assertEquals(many, rig.proxy().stats().retries());
    }
  }

  /** The place of a new connection is that of an idle one, where there may be no more. */
  @Test
  void newConnectionTakesThePlaceOfAKeptOne() {
    Set<Integer> answered = ConcurrentHashMap.newKeySet();
    Limits two = Rig.LIMITS.withMaxSockets(2);
    CountDownLatch together = new CountDownLatch(2);
    Script each = oneAnswerEach(answered);
    Script waiting =
        exchange -> {
          together.countDown();
          Await.until("both connections are open", () -> together.getCount() == 0);
          each.run(exchange);
        };
    try (Rig rig = Rig.start(each, two);
        RawClient client = rig.client();
        RawClient other = rig.client()) {
      rig.target().next(waiting, waiting);
      client.send(Rig.request("GET", "/a"));
      other.send(Rig.request("GET", "/b"));
      assertEquals(200, client.read().status());
      assertEquals(200, other.read().status());
      assertEquals("GET /c", client.send(Rig.request("GET", "/c")).read().body());
    }
  }

  /**
   * The first bytes of a request cannot be written any more: that is the target's end, and told
   * once. A request that can be sent again is; of another one, of whose body the rest is still to
   * come, the client hears.
   */
  @Test
  void resetKeptConnectionIsNotTakenForTheClientsEnd() {
    AtomicReference<RecordingTarget> resetting = new AtomicReference<>();
    Balancer late =
        targets ->
            (request, attempt) -> {
              RecordingTarget target = resetting.get();
              if (target != null) { // the proxy has no turn left to see it
                target.connections().forEach(TargetConnection::reset);
                target.connections().forEach(TargetConnection::awaitEnded);
              }
              return attempt == 0 ? 0 : -1;
            };
    try (Rig rig =
            Rig.start(
                Script.echoLine(),
                route -> route.balancer("late"),
                proxy -> proxy.balancer("late", late));
        RawClient client = rig.client()) {
      assertEquals(200, client.send(Rig.request("GET", "/first")).read().status());
      resetting.set(rig.target());
      client.send(Rig.request("PUT", "/b", "Content-Length: 3"));
      Await.until("it is sent again", () -> rig.target().lines().contains("PUT /b"));
      assertEquals("PUT /b", client.send("abc").read().body());
      client.send(Rig.request("POST", "/a", "Content-Length: 10") + "abc");
      assertEquals(502, client.read().status());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PATCH", "LOCK"})
  void otherRequestIsNotSentAgain(String method) {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      assertEquals(200, client.send(Rig.request("GET", "/first")).read().status());
      rig.target().next(hangingUp());
      assertEquals(502, client.send(Rig.request(method, "/a")).read().status());
      rig.target().assertReceived("GET /first", method + " /a");
      Rig.assertStillServes(client);
    }
  }

  @Test
  void requestWhoseBodyIsGoneIsNotSentAgain() {
    String body = "b".repeat(1_000_000);
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      rig.target().next(hangingUp());
      client.send(Rig.request("PUT", "/a", "Content-Length: " + body.length()) + body);
      assertEquals(502, client.read().status());
      rig.target().assertReceived("PUT /a");
    }
  }

  @Test
  void requestIsNotSentAgainOnceTheAnswerHasBegun() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      rig.target().next(Script.rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"));
      assertFalse(client.send(Rig.request("GET", "/a")).read().complete());
      rig.target().assertReceived("GET /a");
    }
  }

  @Test
  void attemptsAreBounded() {
    try (RecordingTarget two = RecordingTarget.start(hangingUp());
        RecordingTarget three = RecordingTarget.start(hangingUp());
        RecordingTarget four = RecordingTarget.start(hangingUp());
        Rig rig =
            Rig.start(
                hangingUp(), route -> route.to(two.url(), three.url(), four.url()).retries(2))) {
      assertEquals(502, rig.get("/a").status());
      long asked =
          List.of(rig.target(), two, three, four).stream()
              .mapToLong(target -> target.requests().size())
              .sum();
      assertEquals(3, asked);
      assertEquals(2, rig.proxy().stats().retries());
    }
  }

  @Test
  void noAttemptMoreWhereNoneIsAllowed() {
    try (Rig rig = Rig.start(hangingUp(), route -> route.retries(0))) {
      assertEquals(502, rig.get("/a").status());
      rig.target().assertReceived("GET /a");
    }
  }

  /** An answer is an answer: a 5xx of the target is passed on, not tried elsewhere. */
  @ParameterizedTest
  @ValueSource(ints = {500, 502, 503, 504})
  void answerOfTheTargetIsPassedOn(int status) {
    try (Rig rig = Rig.start(Script.raw(Script.response(status + " Sorry", "sorry")))) {
      RawResponse got = rig.get("/a");
      assertEquals(status, got.status());
      assertEquals("sorry", got.body());
      rig.target().assertReceived("GET /a");
    }
  }

  /**
   * The proxy sees the end of an idle connection and does not use it again, not even for a POST.
   */
  @Test
  void idleConnectionThatTheTargetClosedIsNotUsed() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      for (int i = 0; i < 5; i++) {
        assertEquals("POST /a", client.send(Rig.post("/a", "x")).read().body());
        TargetConnection idle = rig.target().connections().get(i);
        idle.close();
        idle.awaitEnded();
      }
      assertEquals(5, rig.target().requests().size());
      assertEquals(0, rig.proxy().stats().retries());
    }
  }

  @Test
  void refusedConnectGoesToTheNextTarget() {
    try (RecordingTarget dead = RecordingTarget.start();
        Rig rig = Rig.start(Script.echoLine(), route -> route.to(dead.url()))) {
      dead.stopListening();
      for (int i = 0; i < 6; i++) {
        assertEquals("POST /" + i, rig.exchange(Rig.post("/" + i, "body")).body());
      }
      rig.target().requests().forEach(r -> assertEquals("body", r.awaitBody().text()));
    }
  }

  /** A failed connect makes the target be passed over, so that not every request pays for it. */
  @Test
  void targetThatRefusedIsPassedOver() {
    try (RecordingTarget dead = RecordingTarget.start();
        Rig rig = Rig.start(Script.echoLine(), route -> route.to(dead.url()))) {
      dead.stopListening();
      for (int i = 0; i < 20; i++) {
        assertEquals(200, rig.get("/" + i).status());
      }
      long failures = rig.proxy().stats().upstreamConnectFailures();
      assertTrue(failures >= 1 && failures < 10, "connect failures: " + failures);
    }
  }

  @Test
  void targetThatComesBackIsUsedAgain() {
    try (RecordingTarget other = RecordingTarget.start();
        Rig rig = Rig.start(Script.echoLine(), route -> route.to(other.url()))) {
      other.stopListening();
      for (int i = 0; i < 4; i++) {
        assertEquals(200, rig.get("/" + i).status());
      }
      other.listenAgain();
      Await.until(
          "the target that came back is used",
          () -> rig.get("/again").status() == 200 && !other.requests().isEmpty());
    }
  }

  @Test
  void requestOnADeadTargetGoesToTheNextTarget() {
    try (RecordingTarget rude = RecordingTarget.start(hangingUp());
        Rig rig = Rig.start(Script.echoLine(), route -> route.to(rude.url()))) {
      for (int i = 0; i < 4; i++) {
        assertEquals("GET /" + i, rig.get("/" + i).body());
      }
      assertTrue(rude.requests().size() >= 1);
    }
  }

  @Test
  void weightsAreKept() {
    try (RecordingTarget other = RecordingTarget.start();
        Rig rig = Rig.start()) {
      rig.proxy()
          .routes()
          .put(
              Route.builder("all")
                  .group(
                      TargetGroup.of(
                          "default",
                          List.of(
                              Target.of(rig.target().url()).withWeight(3),
                              Target.of(other.url()).withWeight(1))))
                  .build());
      List<String> asked = new ArrayList<>();
      try (RawClient client = rig.client()) {
        for (int i = 0; i < 40; i++) {
          asked.add(client.send(Rig.request("GET", "/" + i)).read().body());
        }
      }
      assertEquals(40, asked.size());
      assertEquals(30, rig.target().requests().size());
      assertEquals(10, other.requests().size());
    }
  }
}
