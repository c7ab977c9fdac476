package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RawResponse.Framing;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.Wire;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Row 23, keep-alive and pipelining (RFC 9112, section 9). */
final class PersistenceTest {
  private static final String CHUNKED =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n";

  @Test
  void connectionIsKeptOnBothSides() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      for (int i = 0; i < 20; i++) {
        assertEquals("GET /" + i, client.send(Rig.request("GET", "/" + i)).read().body());
      }
      assertEquals(1, rig.target().connections().size());
      assertEquals(1, rig.proxy().stats().accepted());
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 50; i++) {
        all.append(
            switch (i % 4) {
              case 0 -> Rig.request("GET", "/" + i);
              case 1 -> Rig.post("/" + i, "body of " + i);
              case 2 -> Rig.postChunked("/" + i, "chunk of " + i);
              default -> "\r\n" + Rig.request("GET", "/" + i);
            });
      }
      client.send(all.toString());
      for (int i = 0; i < 50; i++) {
        String method = i % 4 == 1 || i % 4 == 2 ? "POST" : "GET";
        assertEquals(method + " /" + i, client.read().body());
      }
      assertEquals("body of 49", rig.target().requests().get(49).awaitBody().text());
      assertEquals("chunk of 2", rig.target().requests().get(2).awaitBody().text());
    }
  }

  /** Answers come in order even where the target takes its time over the first. */
  @Test
  void slowFirstAnswerIsStillFirst() {
    CompletableFuture<Void> go = new CompletableFuture<>();
    Script script =
        exchange -> {
          if (exchange.request().path().equals("/slow")) {
            Await.get("the test lets the first answer go", go);
          }
          exchange.send(Script.okay(exchange.request().path()));
        };
    try (Rig rig = Rig.start(script);
        RawClient client = rig.client()) {
      client.send(Rig.request("GET", "/slow") + Rig.request("GET", "/fast"));
      rig.target().awaitRequest();
      client.expectSilence(100);
      go.complete(null);
      assertEquals("/slow", client.read().body());
      assertEquals("/fast", client.read().body());
    }
  }

  @Test
  void pipelinedFaultIsRefusedInItsTurn() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      client.send(
          Rig.request("GET", "/a") + "GET /b HTTP/1.1\r\nBad\r\n\r\n" + Rig.request("GET", "/c"));
      assertEquals("GET /a", client.read().body());
      assertEquals(400, client.read().status());
      client.expectClosed();
      rig.target().assertReceived("GET /a");
    }
  }

  @Test
  void requestsInSmallestPieces() {
    try (Rig rig = Rig.start(Script.echoBody());
        RawClient client = rig.client()) {
      assertEquals("hello", client.trickle(Rig.post("/a", "hello")).read().body());
      assertEquals("hello", client.trickle(Rig.postChunked("/b", "hello")).read().body());
      assertEquals("", client.trickle(Rig.request("GET", "/c")).read().body());
      rig.target().assertReceived("POST /a", "POST /b", "GET /c");
    }
  }

  /** Every place at which a request can be split over two reads. */
  @Test
  void requestSplitAnywhere() {
    try (Rig rig = Rig.start(Script.echoBody());
        RawClient client = rig.client()) {
      String request = Rig.postChunked("/a", "hello", "X: y");
      for (int cut = 1; cut < request.length(); cut++) {
        assertEquals("hello", client.sendSplit(request, cut).read().body(), "cut at " + cut);
      }
    }
  }

  /** Every place at which a response can be split over two reads. */
  @Test
  void responseInSmallestPieces() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      for (String response : List.of(Script.okay("hello"), CHUNKED)) {
        rig.target().next(Script.trickled(response));
        RawResponse got = client.send(Rig.request("GET", "/a")).read();
        assertEquals("hello", got.body());
        assertTrue(got.complete());
      }
      Rig.assertStillServes(client);
    }
  }

  @Test
  void closeIsHonoured() {
    try (Rig rig = Rig.start()) {
      for (String close : List.of("close", "Close", "keep-alive, close", "x, close")) {
        try (RawClient client = rig.client()) {
          client.send(Rig.request("GET", "/a", "Connection: " + close) + Rig.request("GET", "/b"));
          assertTrue(client.read().saysClose());
          client.expectClosed();
        }
      }
      assertFalse(rig.target().lines().contains("GET /b"));
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true", "true, true"})
  void httpOneZeroClient(boolean keepAlive, boolean chunkedAnswer) {
    String answer = chunkedAnswer ? CHUNKED : Script.okay("hello");
    try (Rig rig = Rig.start(Script.raw(answer));
        RawClient client = rig.client()) {
      String asked = keepAlive ? "Connection: keep-alive\r\n" : "";
      client.send("GET /a HTTP/1.0\r\nHost: app.test\r\n" + asked + "\r\n");
      RawResponse got = client.read();
      assertEquals("hello", got.body());
      assertTrue(got.complete());
      assertTrue(got.framing() != Framing.CHUNKED, got.head());
      assertEquals(List.of(), got.all("Transfer-Encoding"));
      if (keepAlive && !chunkedAnswer) {
        assertTrue(got.field("Connection").equalsIgnoreCase("keep-alive"), got.head());
        assertEquals("hello", client.send("GET /a HTTP/1.0\r\n\r\n").read().body());
      }
      client.expectClosed();
      assertEquals("HTTP/1.1", rig.target().awaitRequest().version());
    }
  }

  @Test
  void httpOneZeroClientGetsNoInterimAnswers() {
    try (Rig rig =
            Rig.start(Script.raw("HTTP/1.1 103 Early Hints\r\n\r\n" + Script.okay("hello")));
        RawClient client = rig.client()) {
      RawResponse got = client.send("GET /a HTTP/1.0\r\n\r\n").read();
      assertEquals(List.of(), got.interim());
      assertEquals("hello", got.body());
    }
  }

  @Test
  void httpOneZeroTarget() {
    try (Rig rig = Rig.start(Script.rawThenClose("HTTP/1.0 200 OK\r\n\r\nhello"));
        RawClient client = rig.client()) {
      for (int i = 0; i < 2; i++) {
        RawResponse got = client.send(Rig.request("GET", "/a")).read();
        assertEquals("HTTP/1.1", got.version());
        assertEquals("hello", got.body());
        assertEquals(Framing.CHUNKED, got.framing());
      }
    }
  }

  /**
   * A target that speaks 1.0 and does not say keep-alive will close: nothing is sent there again.
   */
  @Test
  void httpOneZeroTargetIsNotUsedAgain() {
    String answer = "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    try (Rig rig = Rig.start(Script.raw(answer));
        RawClient client = rig.client()) {
      for (int i = 0; i < 3; i++) {
        assertEquals("hello", client.send(Rig.post("/a", "x")).read().body());
      }
      assertEquals(3, rig.target().connections().size());
    }
  }

  @Test
  void emptyBodiesAreFramed() {
    try (Rig rig = Rig.start(Script.echoBody());
        RawClient client = rig.client()) {
      client.send(Rig.post("/a", "") + Rig.request("POST", "/b") + Rig.request("PUT", "/c"));
      client.send(Rig.request("POST", "/d", "Transfer-Encoding: chunked") + "0\r\n\r\n");
      for (int i = 0; i < 4; i++) {
        assertEquals(200, client.read().status());
      }
      rig.target().assertReceived("POST /a", "POST /b", "PUT /c", "POST /d");
      assertEquals("0", rig.target().requests().get(0).field("Content-Length"));
    }
  }

  /**
   * A client that has said all it wants and half-closes may be taken for gone, but harms nobody.
   */
  @Test
  void halfCloseBehindTheLastRequest() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      assertEquals("GET /a", client.send(Rig.request("GET", "/a")).read().body());
      client.halfClose();
      client.expectClosed();
      assertEquals(200, rig.get("/b").status());
    }
  }

  @Test
  void largeFieldsAndChunksCrossBuffers() {
    String large = "v".repeat(20_000);
    String body = "0123456789abcdef".repeat(20_000);
    try (Rig rig = Rig.start(Script.echoBody());
        RawClient client = rig.client()) {
      String chunked =
          Rig.request("POST", "/a", "X: " + large, "Transfer-Encoding: chunked")
              + Wire.chunk(body.substring(0, 100_001))
              + Wire.chunk(body.substring(100_001))
              + "0\r\n\r\n";
      for (String request : List.of(chunked, Rig.post("/b", body, "X: " + large))) {
        assertEquals(body, client.send(request).read().body());
        assertEquals(large, rig.target().awaitRequest().field("X"));
      }
    }
  }
}
