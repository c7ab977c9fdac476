package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.Curl;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.Script;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row 15: Expect (RFC 9110, section 10.1.1). */
final class ExpectTest {
  private static final String HEAD =
      Rig.request("POST", "/a", "Expect: 100-continue", "Content-Length: 5");

  /** Invites the body where that was asked for, as most servers do. */
  private static Script inviting() {
    return exchange -> {
      if (exchange.request().has("Expect")) {
        exchange.send("HTTP/1.1 100 Continue\r\n\r\n");
      }
      exchange.send(Script.okay(exchange.readBody().text()));
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Expect: 200-maybe",
        "Expect: 100-continue, other",
        "Expect: x=\"100-continue\"",
        "Expect: 100-continueX"
      })
  void unknownExpectationIsRefused(String field) {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      RawResponse refusal = client.send(Rig.request("GET", "/a", field)).read();
      assertEquals(417, refusal.status());
      if (refusal.saysClose()) {
        client.expectClosed();
      } else {
        Rig.assertStillServes(client);
        rig.target().forget();
      }
      rig.assertOnlyOthersAreServed();
    }
  }

  @Test
  void bodyIsInvitedOnceAndThenTaken() {
    try (Rig rig = Rig.start(inviting());
        RawClient client = rig.client()) {
      client.send(HEAD);
      assertTrue(client.readHeadText().startsWith("HTTP/1.1 100 "));
      RawResponse response = client.send("hello").read();
      assertEquals("hello", response.body());
      assertEquals(List.of(), response.interim());
      assertEquals(200, client.send(Rig.request("GET", "/next")).read().status());
    }
  }

  @Test
  void chunkedBodyIsInvitedToo() {
    try (Rig rig = Rig.start(inviting());
        RawClient client = rig.client()) {
      client.send(
          "POST /a HTTP/1.1\r\n"
              + "Host: a\r\n"
              + "expect: 100-Continue\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      assertTrue(client.readHeadText().startsWith("HTTP/1.1 100 "));
      assertEquals("hello", client.send("5\r\nhello\r\n0\r\n\r\n").read().body());
    }
  }

  @Test
  void bodyThatComesUninvitedIsTaken() {
    try (Rig rig = Rig.start(inviting());
        RawClient client = rig.client()) {
      assertEquals("hello", client.send(HEAD + "hello").read().body());
      assertEquals("hello", client.send(HEAD + "hello").read().body());
    }
  }

  @Test
  void expectWithoutABodyIsServed() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      client.send(Rig.request("GET", "/a", "Expect: 100-continue"));
      assertEquals("GET /a", client.read().body());
      Rig.assertStillServes(client);
    }
  }

  @Test
  void httpOneZeroGetsNoInvitation() {
    try (Rig rig = Rig.start(inviting());
        RawClient client = rig.client()) {
      client.send(
          "POST /a HTTP/1.0\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");
      RawResponse response = client.read();
      assertEquals(List.of(), response.interim());
      assertEquals("hello", response.body());
    }
  }

  /**
   * The target refuses before the body was sent. The client may send it or not; neither it nor the
   * target's connection may be taken for something else afterwards.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void finalAnswerBeforeTheBody(boolean bodyFollows) {
    Script refusing =
        exchange -> {
          if (exchange.request().path().equals("/a")) {
            exchange.send(Script.response("401 Unauthorized", "who?"));
          } else {
            exchange.readBody();
            exchange.send(Script.okay("next"));
          }
        };
    try (Rig rig = Rig.start(refusing);
        RawClient client = rig.client()) {
      String smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
      client.send(
          Rig.request(
              "POST", "/a", "Expect: 100-continue", "Content-Length: " + smuggled.length()));
      RawResponse refusal = client.read();
      assertEquals(401, refusal.status());
      assertEquals("who?", refusal.body());
      // Others who get the target's connections are served right.
      for (int i = 0; i < 3; i++) {
        assertEquals("next", rig.get("/others").body());
      }
      if (bodyFollows) {
        client.trySend(smuggled + Rig.request("GET", "/next"));
        String rest = client.readUntilIdle();
        assertTrue(rest.isEmpty() || rest.startsWith("HTTP/1.1 200 "), rest);
      }
      rig.target()
          .requests()
          .forEach(r -> assertTrue(r.path().matches("/a|/others|/next"), r.head()));
      assertEquals(List.of(), rig.target().faults());
    }
  }

  /** The same without Expect: an early answer while the body is still on its way. */
  @Test
  void earlyAnswerWhileTheBodyIsOnItsWay() {
    Script refusing =
        exchange -> {
          if (exchange.request().method().equals("POST")) {
            exchange.send(
                "HTTP/1.1 413 Content Too Large\r\n"
                    + "Connection: close\r\n"
                    + "Content-Length: 3\r\n\r\n"
                    + "no!");
            exchange.close();
          } else {
            exchange.send(Script.okay("next"));
          }
        };
    try (Rig rig = Rig.start(refusing);
        RawClient client = rig.client()) {
      client.send(Rig.request("POST", "/a", "Content-Length: 100000") + "some");
      RawResponse response = client.read();
      assertEquals(413, response.status());
      assertEquals("no!", response.body());
      Received begun = rig.target().awaitRequest();
      assertFalse(begun.complete());
      rig.target().connections().get(begun.connection()).awaitEnded();
      for (int i = 0; i < 3; i++) {
        assertEquals("next", rig.get("/others").body());
      }
      // The rest of the body is either read and dropped, or the connection closes.
      client.trySend("x".repeat(99_996) + Rig.request("GET", "/behind"));
      String rest = client.readUntilIdle();
      assertTrue(rest.isEmpty() || rest.startsWith("HTTP/1.1 200 "), rest);
    }
  }

  @Test
  void curlWaitsForTheInvitation() {
    String body = "b".repeat(2_000_000);
    try (Rig rig = Rig.start(inviting())) {
      Curl.Answer answer =
          Curl.runWithInput(
              body,
              "--data-binary",
              "@-",
              "-H",
              "Expect: 100-continue",
              "--expect100-timeout",
              "15",
              "http://127.0.0.1:" + rig.port() + "/up");
      assertEquals(200, answer.status(), answer.err());
      assertEquals(body, answer.out());
    }
  }
}
