package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Field;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Script;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row 26: interim answers, and answers that have no body whatever their fields say. */
final class InterimAndBodilessTest {

  @Test
  void interimAnswersAreForwardedAndNeverTakenForTheAnswer() {
    String interim =
        "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
            + "HTTP/1.1 102 Processing\r\n\r\n"
            + "HTTP/1.1 103 Early Hints\r\nLink: </more.css>\r\n\r\n"
            + "HTTP/1.1 199 Odd\r\n\r\n";
    try (Rig rig = Rig.start(Script.raw(interim + Script.okay("done")));
        RawClient client = rig.client()) {
      for (int i = 0; i < 2; i++) {
        RawResponse got = client.send(Rig.request("GET", "/a")).read();
        assertEquals("done", got.body());
        assertEquals(
            List.of(103, 102, 103, 199), got.interim().stream().map(RawResponse::status).toList());
        assertEquals("</style.css>; rel=preload", got.interim().get(0).field("Link"));
      }
      assertEquals(1, rig.target().connections().size());
    }
  }

  @Test
  void interimAnswerGoesOutAtOnce() {
    CompletableFuture<Void> hinted = new CompletableFuture<>();
    Script script =
        exchange -> {
          exchange.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
          Await.get("the client saw the hint", hinted);
          exchange.send(Script.okay("done"));
        };
    try (Rig rig = Rig.start(script);
        RawClient client = rig.client()) {
      String head = client.send(Rig.request("GET", "/a")).readHeadText();
      assertTrue(head.startsWith("HTTP/1.1 103 Early Hints\r\n"), head);
      hinted.complete(null);
      assertEquals("done", client.read().body());
    }
  }

  /** A 100 that nobody asked for may be dropped or passed, but is not the answer. */
  @Test
  void uninvitedHundredIsNotTheAnswer() {
    try (Rig rig = Rig.start(Script.raw("HTTP/1.1 100 Continue\r\n\r\n" + Script.okay("done")));
        RawClient client = rig.client()) {
      assertEquals("done", client.send(Rig.request("GET", "/a")).read().body());
      assertEquals("done", client.send(Rig.request("GET", "/a")).read().body());
    }
  }

  /** An endless row of interim answers is no answer. */
  @Test
  void endlessInterimAnswersEnd() {
    Script endless =
        exchange -> {
          for (int i = 0; i < 50_000_000; i++) {
            exchange.send("HTTP/1.1 102 Processing\r\n\r\n");
          }
        };
    try (Rig rig = Rig.start(endless, route -> route.responseTimeout(Duration.ofMillis(500)));
        RawClient client = rig.client()) {
      client.send(Rig.request("GET", "/a"));
      String head = client.readHeadText();
      long heads = 0;
      while (head.startsWith("HTTP/1.1 102 ")) {
        head = client.readHeadText();
        heads++;
      }
      assertTrue(head.isEmpty() || head.startsWith("HTTP/1.1 50"), heads + " heads, then " + head);
      rig.target().connections().get(0).awaitEnded();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 12\r\n\r\n"
      })
  void answerToHeadHasNoBody(String answer) {
    try (Rig rig = Rig.start(Script.raw(answer));
        RawClient client = rig.client()) {
      for (int i = 0; i < 3; i++) {
        RawResponse got = client.send(Rig.request("HEAD", "/a")).read("HEAD");
        assertEquals(answer.substring(9, 12), Integer.toString(got.status()));
        if (answer.contains("Content-Length")) {
          assertTrue(answer.contains("Content-Length: " + got.field("Content-Length")), got.head());
        }
      }
      client.expectSilence(30);
      assertEquals(1, rig.target().connections().size());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"x\"\r\n\r\n",
        "HTTP/1.1 304 Not Modified\r\n\r\n"
      })
  void answerWithoutBody(String answer) {
    try (Rig rig = Rig.start(Script.raw(answer));
        RawClient client = rig.client()) {
      for (int i = 0; i < 3; i++) {
        RawResponse got = client.send(Rig.request("GET", "/a")).read();
        assertEquals(answer.substring(9, 12), Integer.toString(got.status()));
        assertEquals("", got.body());
      }
      client.expectSilence(30);
    }
  }

  @Test
  void notModifiedKeepsTheLengthOfWhatItStandsFor() {
    String answer = "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"x\"\r\n\r\n";
    try (Rig rig = Rig.start(Script.raw(answer))) {
      RawResponse got = rig.get("/a");
      assertEquals("\"x\"", got.field("ETag"));
      assertTrue(got.all("Content-Length").isEmpty() || got.field("Content-Length").equals("5"));
    }
  }

  @Test
  void resetContentHasAnEmptyBody() {
    try (Rig rig =
            Rig.start(Script.raw("HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n"));
        RawClient client = rig.client()) {
      assertEquals(205, client.send(Rig.request("GET", "/a")).read().status());
      assertEquals(205, client.send(Rig.request("GET", "/a")).read().status());
    }
  }

  @Test
  void trailersReachTheClient() {
    String answer =
        "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;x=y\r\nabc\r\n0\r\nX-Sum: 6\r\n\r\n";
    try (Rig rig = Rig.start(Script.raw(answer));
        RawClient client = rig.client()) {
      RawResponse got = client.send(Rig.request("GET", "/a", "TE: trailers")).read();
      assertEquals("abc", got.body());
      assertEquals(List.of(new Field("X-Sum", "6")), got.trailers());
      assertEquals("abc", client.send(Rig.request("GET", "/a")).read().body());
    }
  }

  @Test
  void answerWithoutLengthBecomesChunked() {
    try (Rig rig = Rig.start(Script.rawThenClose("HTTP/1.1 200 OK\r\n\r\nto the end"));
        RawClient client = rig.client()) {
      for (int i = 0; i < 2; i++) {
        RawResponse got = client.send(Rig.request("GET", "/a")).read();
        assertEquals("to the end", got.body());
        assertEquals(RawResponse.Framing.CHUNKED, got.framing());
      }
    }
  }
}
