package io.proxyetc.http2;

import static io.proxyetc.http2.RawHttp2.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.Field;
import io.proxyetc.testkit.Script;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Responses: what the client gets of them. */
final class Http2ResponseTest {

  @Test
  void fieldsAreLoweredAndThoseOfTheHopDropped() {
    String response =
        "HTTP/1.1 207 Multi-Status\r\nX-Mixed: Case\r\nConnection: X-Hop\r\nX-Hop: 1\r\n"
            + "Keep-Alive: timeout=5\r\nTransfer-Encoding: chunked\r\nSet-Cookie: a=1\r\n"
            + "Set-Cookie: b=2\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
    try (Http2Rig rig = Http2Rig.start(Script.raw(response));
        RawHttp2 client = rig.client()) {
      for (int stream = 1; stream < 9; stream += 2) { // the later ones come from the table
        Answer answer = client.get(stream, "/").answer(stream).complete();
        assertEquals(207, answer.status());
        assertEquals("Case", answer.field("x-mixed"));
        assertEquals(List.of("a=1", "b=2"), Field.values(answer.fields(), "set-cookie"));
        assertEquals("hi", answer.body());
        for (String dropped :
            List.of("connection", "x-hop", "keep-alive", "transfer-encoding", "content-length")) {
          assertFalse(answer.has(dropped), dropped);
        }
      }
    }
  }

  @Test
  void trailersComeBehindTheBody() {
    String response =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 7\r\n\r\n";
    try (Http2Rig rig = Http2Rig.start(Script.raw(response));
        RawHttp2 client = rig.client()) {
      Answer answer = client.get(1, "/").answer(1).complete();
      assertEquals("hi", answer.body());
      assertEquals(List.of(new Field("x-sum", "7")), answer.trailers());
    }
  }

  @Test
  void answersWithoutBodyEndWithTheHead() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      rig.target()
          .next(
              Script.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
              Script.raw("HTTP/1.1 204 No Content\r\n\r\n"),
              Script.raw("HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n"),
              Script.raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
      Answer head = client.headers(1, true, request("HEAD", "/")).answer(1).complete();
      assertEquals("1000", head.field("content-length"));
      Answer noContent = client.get(3, "/").answer(3).complete();
      assertEquals(204, noContent.status());
      assertFalse(noContent.has("content-length"));
      Answer notModified = client.get(5, "/").answer(5).complete();
      assertEquals(304, notModified.status());
      Answer empty = client.get(7, "/").answer(7).complete();
      assertEquals("0", empty.field("content-length"));
      assertEquals("", empty.body());
    }
  }

  @Test
  void interimAnswersComeFirst() {
    String response = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n" + Script.okay("final");
    try (Http2Rig rig = Http2Rig.start(Script.raw(response));
        RawHttp2 client = rig.client()) {
      Answer answer = client.get(1, "/").answer(1).complete();
      assertEquals(List.of(103), answer.interim());
      assertEquals(200, answer.status());
      assertEquals("final", answer.body());
    }
  }

  @Test
  void theTargetsContinueAsksForTheBody() {
    Script asking =
        exchange -> {
          exchange.send("HTTP/1.1 100 Continue\r\n\r\n");
          exchange.send(Script.okay(exchange.readBody().text()));
        };
    try (Http2Rig rig = Http2Rig.start(asking);
        RawHttp2 client = rig.client()) {
      client.headers(
          1, false, request("POST", "/", "expect", "100-continue", "content-length", "5"));
      Frame head = client.await("100", f -> f.is(Frame.HEADERS, 1));
      assertEquals("100", Field.values(client.decode(head), ":status").get(0));
      client.data(1, "hello", true);
      assertEquals("hello", client.answer(1).complete().body());
    }
  }

  @Test
  void anEarlyAnswerIsCompleteAndTheRestOfTheBodyUnwanted() {
    Script early =
        exchange -> {
          exchange.send(Script.response("403 Forbidden", "no"));
          exchange.close();
        };
    try (Http2Rig rig = Http2Rig.start(early);
        RawHttp2 client = rig.client()) {
      client.headers(1, false, request("POST", "/")).data(1, "hello", false);
      Answer answer = client.answer(1).complete();
      assertEquals(403, answer.status());
      assertEquals("no", answer.body());
      String piece = "x".repeat(16_000);
      boolean reset = false;
      for (int i = 0; i < 100 && !reset; i++) {
        client.data(1, piece, false).frame(Frame.PING, 0, 0, new byte[8]);
        Frame frame =
            client.await(
                "the end or the ping", f -> f.is(Frame.RST_STREAM, 1) || f.type() == Frame.PING);
        reset = frame.type() == Frame.RST_STREAM;
        assertTrue(!reset || frame.int32(0) == 0, "a complete answer is not spoilt");
      }
      assertTrue(reset, "an endless body is not read for nothing");
      rig.target().always(Script.echoLine());
      assertEquals("GET /next", client.get(3, "/next").answer(3).complete().body());
    }
  }

  @Test
  void eventsArriveWhenTheyAreSent() {
    CompletableFuture<Void> seen = new CompletableFuture<>();
    Script events =
        exchange -> {
          exchange.send(
              "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                  + "Transfer-Encoding: chunked\r\n\r\nb\r\ndata: one\n\n\r\n");
          seen.orTimeout(10, TimeUnit.SECONDS).join(); // the second only when the first has arrived
          exchange.send("b\r\ndata: two\n\n\r\n0\r\n\r\n");
        };
    try (Http2Rig rig = Http2Rig.start(events);
        RawHttp2 client = rig.client()) {
      client.get(1, "/events");
      client.await("the first event", f -> f.is(Frame.DATA, 1) && f.payload().length == 11);
      seen.complete(null);
      client.await("the second event", f -> f.is(Frame.DATA, 1) && f.payload().length == 11);
    }
  }

  @Test
  void aCutAnswerIsReset() {
    String half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
    try (Http2Rig rig = Http2Rig.start(Script.rawThenClose(half));
        RawHttp2 client = rig.client()) {
      Answer answer = client.get(1, "/").answer(1);
      assertEquals(200, answer.status());
      assertEquals(2, answer.reset());
      rig.target().always(Script.echoLine());
      assertEquals("GET /next", client.get(3, "/next").answer(3).complete().body());
    }
  }

  @Test
  void aLargeHeadComesInParts() {
    String value = "v".repeat(20_000);
    String response =
        "HTTP/1.1 200 OK\r\nX-A: " + value + "\r\nX-B: " + value + "\r\nContent-Length: 0\r\n\r\n";
    try (Http2Rig rig = Http2Rig.start(Script.raw(response));
        RawHttp2 client = rig.client()) {
      Answer answer = client.get(1, "/").answer(1).complete();
      assertEquals(value, answer.field("x-a"));
      assertEquals(value, answer.field("x-b"));
    }
  }
}
