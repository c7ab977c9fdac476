package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Limits;
import io.proxyetc.Route;
import io.proxyetc.Target;
import io.proxyetc.TargetGroup;
import io.proxyetc.Timeouts;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Nginx;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Script;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Rows 24 and 29: targets that are away, slow, full or frozen, and how the errors look. */
final class TargetFailureTest {
  private static final Duration BRIEF = Duration.ofMillis(700);

  @Test
  void refusedIsABadGateway() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      rig.target().stopListening();
      for (int i = 0; i < 3; i++) {
        int status = client.send(Rig.request("GET", "/a")).read().status();
        // Once it is known to be away, there is nobody to ask.
        assertTrue(status == 502 || (i > 0 && status == 503), "status " + status);
      }
      rig.target().listenAgain();
      Await.until(
          "the target is used again",
          () -> client.send(Rig.request("GET", "/b")).read().status() == 200);
    }
  }

  @Test
  void unknownNameIsABadGateway() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      rig.proxy().routes().put(Route.builder("all").to("http://no-such-name.invalid:80").build());
      assertEquals(502, client.send(Rig.request("GET", "/a")).read().status());
    }
  }

  @Test
  void nameThatResolvesIsUsed() {
    try (Rig rig = Rig.start()) {
      rig.proxy()
          .routes()
          .put(Route.builder("all").to("http://localhost:" + rig.target().port()).build());
      assertEquals("GET /a", rig.get("/a").body());
    }
  }

  @Test
  void noAnswerInTimeIsAGatewayTimeout() {
    try (Rig rig = Rig.start(Script.silent(), route -> route.responseTimeout(BRIEF));
        RawClient client = rig.client()) {
      RawResponse refusal = client.send(Rig.request("GET", "/a")).read();
      assertEquals(504, refusal.status());
      rig.target().connections().get(0).awaitEnded();
      rig.target().always(Script.echoLine());
      Rig.assertStillServes(client);
    }
  }

  @Test
  void slowAnswerInTimeIsFine() {
    Script slow =
        exchange -> {
          exchange.rest(250);
          exchange.send(Script.okay("at last"));
        };
    try (Rig rig = Rig.start(slow, route -> route.responseTimeout(Duration.ofSeconds(5)))) {
      assertEquals("at last", rig.get("/a").body());
    }
  }

  @Test
  void headThatTricklesForeverIsAGatewayTimeout() {
    Script trickling =
        exchange -> {
          exchange.send("HTTP/1.1 200 OK\r\nX: ");
          for (int i = 0; i < 400; i++) {
            exchange.send("y");
            exchange.rest(20);
          }
        };
    try (Rig rig = Rig.start(trickling, route -> route.responseTimeout(BRIEF).retries(0));
        RawClient client = rig.client()) {
      assertEquals(504, client.send(Rig.request("GET", "/a")).read().status());
      rig.target().connections().get(0).awaitEnded();
    }
  }

  @Test
  void totalTimeoutIsAGatewayTimeout() {
    Timeouts total =
        new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(5), BRIEF);
    try (Rig rig = Rig.start(Script.silent(), route -> route.timeouts(total))) {
      assertEquals(504, rig.get("/a").status());
      rig.target().connections().get(0).awaitEnded();
    }
  }

  @Test
  void noTargetAtAllIsUnavailable() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      List<TargetGroup> groups =
          List.of(
              TargetGroup.of("empty"),
              TargetGroup.of("weightless", List.of(Target.of(rig.target().url()).withWeight(0))));
      for (TargetGroup group : groups) {
        rig.proxy().routes().put(Route.builder("all").group(group).build());
        RawResponse refusal = client.send(Rig.request("GET", "/a")).read();
        assertEquals(503, refusal.status(), group.name());
        assertTrue(refusal.field("Retry-After").matches("[0-9]+"));
      }
      rig.target().assertNothingReceived();
    }
  }

  @Test
  void noRouteIsNotFound() {
    try (Rig rig = Rig.start(Script.echoLine(), route -> route.host("known.test"));
        RawClient client = rig.client()) {
      assertEquals(404, client.send(Rig.request("GET", "/a")).read().status());
      assertEquals(404, client.send(Rig.request("GET", "/b")).read().status());
      client.send("GET /c HTTP/1.1\r\nHost: known.test\r\n\r\n");
      assertEquals("GET /c", client.read().body());
      rig.target().assertReceived("GET /c");
    }
  }

  @Test
  void fullTargetIsUnavailable() {
    CompletableFuture<Void> go = new CompletableFuture<>();
    Script waiting =
        exchange -> {
          Await.get("the test lets the answers go", go);
          exchange.send(Script.okay(exchange.request().path()));
        };
    Limits two = Rig.LIMITS.withMaxSockets(2);
    try (Rig rig = Rig.start(waiting, two, route -> route.capacity(Rig.NOBODY_WAITS));
        RawClient one = rig.client();
        RawClient other = rig.client()) {
      one.send(Rig.request("GET", "/one"));
      other.send(Rig.request("GET", "/other"));
      rig.target().awaitRequest();
      rig.target().awaitRequest();
      RawResponse refusal = rig.get("/third");
      assertEquals(503, refusal.status());
      assertTrue(refusal.field("Retry-After").matches("[0-9]+"));
      go.complete(null);
      assertEquals("/one", one.read().body());
      assertEquals("/other", other.read().body());
      assertEquals("/fourth", rig.get("/fourth").body());
      assertEquals(2, rig.target().connections().size());
    }
  }

  @Test
  void errorsSpeakTheClientsLanguage() {
    try (Rig rig = Rig.start(Script.echoLine(), route -> route.host("known.test"))) {
      RawResponse plain = rig.get("/a");
      assertTrue(plain.field("Content-Type").startsWith("text/plain"), plain.head());
      assertTrue(!plain.body().isBlank() && plain.body().length() < 500, plain.body());
      RawResponse problem = rig.get("/a", "Accept: application/problem+json");
      assertTrue(
          problem.field("Content-Type").startsWith("application/problem+json"), problem.head());
      assertTrue(problem.body().matches("(?s)\\{.*\"status\" ?: ?404.*\\}\\s*"), problem.body());
      RawResponse head = rig.exchange(Rig.request("HEAD", "/a"));
      assertEquals(404, head.status());
    }
  }

  /** Row 29: a frozen nginx still accepts connections, in its kernel, but nobody answers. */
  @Test
  void frozenTargetTimesOutAndServesAgain() {
    try (Nginx nginx = Nginx.start();
        Rig rig = Rig.start(Script.echoLine(), route -> route)) {
      rig.proxy()
          .routes()
          .put(Route.builder("all").to(nginx.url()).responseTimeout(BRIEF).retries(0).build());
      try (RawClient client = rig.client()) {
        assertEquals(418, client.send(Rig.request("GET", "/teapot")).read().status());
        nginx.freeze();
        assertEquals(504, client.send(Rig.request("GET", "/teapot")).read().status());
        assertEquals(504, client.send(Rig.request("GET", "/teapot")).read().status());
        nginx.thaw();
        Await.until(
            "nginx is used again",
            () -> client.send(Rig.request("GET", "/teapot")).read().status() == 418);
      }
    }
  }
}
