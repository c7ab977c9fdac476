package io.proxyetc.http2;

import static io.proxyetc.http2.RawHttp2.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.Script;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests: what the target receives of them, and which are refused. Rows 33, 34, 35. */
final class Http2RequestTest {
  private static final int PROTOCOL_ERROR = 1;

  @Test
  void becomesHttp1AtTheTarget() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      client.headers(
          1, true, request("GET", "/a/./b/../c%41?q=1", "accept", "text/plain", "x-a", ""));
      Answer answer = client.answer(1).complete();
      assertEquals(200, answer.status());
      assertEquals("GET /a/cA?q=1", answer.body());
      assertEquals("13", answer.field("content-length"));
      Received received = rig.target().awaitRequest();
      assertEquals("app.test", received.field("Host"));
      assertEquals("text/plain", received.field("accept"));
      assertEquals("", received.field("x-a"));
      assertEquals("https", received.field("X-Forwarded-Proto"));
      assertEquals(List.of(), received.all("Content-Length"));
      rig.target().assertReceived("GET /a/cA?q=1");
    }
  }

  @Test
  void cookieCrumbsAreJoined() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      client.headers(
          1,
          true,
          request("GET", "/", "cookie", "a=1", "x-b", "2", "cookie", "c=3", "cookie", "d"));
      client.answer(1).complete();
      assertEquals("a=1; c=3; d", rig.target().awaitRequest().field("Cookie"));
    }
  }

  @Test
  void hostStandsInForAuthority() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      client.headers(
          1, true, ":method", "GET", ":scheme", "https", ":path", "/", "host", "other.test");
      assertEquals(200, client.answer(1).complete().status());
      assertEquals("other.test", rig.target().awaitRequest().field("Host"));
      client.headers(3, true, request("GET", "/", "host", "APP.test"));
      assertEquals(200, client.answer(3).complete().status());
      assertEquals("app.test", rig.target().awaitRequest().field("Host"));
    }
  }

  @Test
  void aBodyKeepsItsLength() {
    try (Http2Rig rig = Http2Rig.start(Script.echoBody());
        RawHttp2 client = rig.client()) {
      client.headers(1, false, request("POST", "/", "content-length", "10"));
      client.data(1, "hello", false).data(1, "", false).data(1, "world", true);
      assertEquals("helloworld", client.answer(1).complete().body());
      assertEquals("10", rig.target().awaitRequest().field("Content-Length"));
    }
  }

  @Test
  void aBodyWithoutLengthIsChunked() {
    try (Http2Rig rig = Http2Rig.start(Script.echoBody());
        RawHttp2 client = rig.client()) {
      client.headers(1, false, request("POST", "/")).data(1, "hello", false).data(1, "", true);
      assertEquals("hello", client.answer(1).complete().body());
      assertTrue(rig.target().awaitRequest().awaitBody().chunked());
    }
  }

  @Test
  void aPostWithoutBodySaysSo() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      client.headers(1, true, request("POST", "/"));
      assertEquals("POST /", client.answer(1).complete().body());
      assertEquals("0", rig.target().awaitRequest().field("Content-Length"));
    }
  }

  @Test
  void paddingIsNoBody() {
    try (Http2Rig rig = Http2Rig.start(Script.echoBody());
        RawHttp2 client = rig.client()) {
      client.headers(1, false, request("POST", "/", "content-length", "2"));
      client.frame(Frame.DATA, 8 | Frame.END_STREAM, 1, new byte[] {3, 'h', 'i', 0, 0, 0});
      assertEquals("hi", client.answer(1).complete().body());
    }
  }

  @Test
  void trailersGoAlong() {
    try (Http2Rig rig = Http2Rig.start(Script.echoBody());
        RawHttp2 client = rig.client()) {
      client.headers(1, false, request("POST", "/", "te", "trailers"));
      client.data(1, "hello", false).headers(1, true, "x-sum", "5", "host", "evil.test");
      assertEquals("hello", client.answer(1).complete().body());
      Received received = rig.target().awaitRequest();
      assertEquals("trailers", received.field("TE"));
      assertEquals("[Field[name=x-sum, value=5]]", received.awaitBody().trailers().toString());
    }
  }

  @Test
  void aHeadInManyPartsIsOne() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      byte[] block = RawHttp2.block(request("GET", "/parts"));
      client.frame(Frame.HEADERS, Frame.END_STREAM, 1, new byte[0]);
      for (int i = 0; i < block.length; i++) {
        int flags = i == block.length - 1 ? Frame.END_HEADERS : 0;
        if (i % 8 == 0) {
          int n = Math.min(8, block.length - i);
          flags = i + n == block.length ? Frame.END_HEADERS : 0;
          client.frame(Frame.CONTINUATION, flags, 1, java.util.Arrays.copyOfRange(block, i, i + n));
        }
      }
      assertEquals("GET /parts", client.answer(1).complete().body());
    }
  }

  static Stream<List<String>> malformed() {
    return Stream.of(
        List.of(request("GET", "/", "connection", "close")),
        List.of(request("GET", "/", "keep-alive", "timeout=5")),
        List.of(request("GET", "/", "proxy-connection", "keep-alive")),
        List.of(request("GET", "/", "transfer-encoding", "chunked")),
        List.of(request("GET", "/", "upgrade", "websocket")),
        List.of(request("GET", "/", "te", "gzip")),
        List.of(request("GET", "/", "te", "trailers, deflate")),
        List.of(request("GET", "/", "X-Upper", "a")),
        List.of(request("GET", "/", "x name", "a")),
        List.of(request("GET", "/", "x:name", "a")),
        List.of(request("GET", "/", "x-a", "a\r\nx-b: c")),
        List.of(request("GET", "/", "x-a", "a\nb")),
        List.of(request("GET", "/", "x-a", "a\0b")),
        List.of(request("GET", "/", "x-a", " a")),
        List.of(request("GET", "/", "x-a", "a\t")),
        List.of(request("GET", "/\r\nx: y", "x-a", "a")),
        List.of(request("GET", "/", ":authority", "app.test")),
        List.of(request("GET", "/", "x-a", "b", ":path", "/b")),
        List.of(request("GET", "/", ":status", "200")),
        List.of(request("GET", "/", ":protocol", "websocket")),
        List.of(request("GET", "")),
        List.of(":method", "GET", ":scheme", "https", ":authority", "app.test"),
        List.of(":method", "GET", ":path", "/", ":authority", "app.test"),
        List.of(":path", "/", ":scheme", "https", ":authority", "app.test"),
        List.of(request("CONNECT", "/")),
        List.of(request("POST", "/", "content-length", "5")));
  }

  @ParameterizedTest
  @MethodSource("malformed")
  void aMalformedRequestIsReset(List<String> fields) {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      client.headers(1, true, fields.toArray(String[]::new));
      assertEquals(PROTOCOL_ERROR, client.answer(1).reset());
      assertEquals("GET /next", client.get(3, "/next").answer(3).complete().body());
      rig.target().assertReceived("GET /next");
    }
  }

  static Stream<List<Object>> refused() {
    return Stream.of(
        List.of(400, List.of(request("GET", "/", "host", "other.test"))),
        List.of(400, List.of(":method", "GET", ":scheme", "https", ":path", "/")),
        List.of(
            400,
            List.of(":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a@b.test")),
        List.of(
            400, List.of(":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a b")),
        List.of(400, List.of(request("GET", "http://app.test/"))),
        List.of(400, List.of(request("GET", "relative"))),
        List.of(400, List.of(request("GET", "/a b"))),
        List.of(400, List.of(request("GET", "/a#b"))),
        List.of(400, List.of(request("GET", "/%00"))),
        List.of(400, List.of(request("GET", "/..;/a"))),
        List.of(400, List.of(request("G ET", "/"))),
        List.of(400, List.of(request("GET", "/", "x-a", "a\u0001b"))),
        List.of(400, List.of(request("GET", "/", "content-length", "+0"))),
        List.of(400, List.of(request("GET", "/", "content-length", "0", "content-length", "00"))),
        List.of(417, List.of(request("GET", "/", "expect", "wonders"))),
        List.of(414, List.of(request("GET", "/" + "a".repeat(17_000)))),
        List.of(431, List.of(request("GET", "/", "x-a", "b".repeat(40_000)))),
        List.of(405, List.of(":method", "CONNECT", ":authority", "app.test:443")),
        List.of(405, List.of(request("TRACE", "/"))));
  }

  @ParameterizedTest
  @MethodSource("refused")
  @SuppressWarnings("unchecked")
  void aBadRequestIsAnswered(List<Object> story) {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      byte[] block = RawHttp2.block(((List<String>) story.get(1)).toArray(String[]::new));
      sendLarge(client, block);
      Answer answer = client.answer(1).complete();
      assertEquals(story.get(0), answer.status());
      assertEquals("GET /next", client.get(3, "/next").answer(3).complete().body());
      rig.target().assertReceived("GET /next");
    }
  }

  private static void sendLarge(RawHttp2 client, byte[] block) {
    int type = Frame.HEADERS;
    for (int at = 0; at < block.length; at += 16_000) {
      int end = Math.min(block.length, at + 16_000);
      int flags = type == Frame.HEADERS ? Frame.END_STREAM : 0;
      flags |= end == block.length ? Frame.END_HEADERS : 0;
      client.frame(type, flags, 1, java.util.Arrays.copyOfRange(block, at, end));
      type = Frame.CONTINUATION;
    }
  }

  @Test
  void tooManyFieldsAreRefused() {
    String[] many = new String[202];
    for (int i = 0; i < many.length; i += 2) {
      many[i] = "x-" + i;
      many[i + 1] = "";
    }
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      client.headers(1, true, request("GET", "/", many));
      assertEquals(431, client.answer(1).complete().status());
      rig.target().assertNothingReceived();
    }
  }

  @Test
  void aBodyLongerThanSaidCancelsTheUpstreamRequest() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      client.headers(1, false, request("POST", "/", "content-length", "6")).data(1, "hel", false);
      Received begun = rig.target().awaitRequest();
      client.data(1, "lo world", true);
      assertEquals(PROTOCOL_ERROR, client.answer(1).reset());
      rig.target().connections().get(0).awaitEnded();
      assertFalse(begun.complete());
      assertEquals("GET /next", client.get(3, "/next").answer(3).complete().body());
    }
  }

  @Test
  void aBodyShorterThanSaidCancelsTheUpstreamRequest() {
    try (Http2Rig rig = Http2Rig.start();
        RawHttp2 client = rig.client()) {
      client.headers(1, false, request("POST", "/", "content-length", "6")).data(1, "hel", false);
      Received begun = rig.target().awaitRequest();
      client.data(1, "", true);
      assertEquals(PROTOCOL_ERROR, client.answer(1).reset());
      rig.target().connections().get(0).awaitEnded();
      assertFalse(begun.complete());
    }
  }
}
