package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Limits;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.TargetConnection;
import io.proxyetc.testkit.Wire;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Row 25: answers that no strict client would take become 502, and their connection is thrown away.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class BadResponseTest {
  private static final Limits SMALL = Rig.LIMITS.withHeads(1024, 4096, 20, 4096);

  private Rig rig;

  @BeforeAll
  void open() {
    rig = Rig.start(Script.echoLine(), SMALL, route -> route.retries(0));
  }

  @BeforeEach
  void forget() {
    rig.target().forget();
  }

  @AfterAll
  void close() {
    rig.close();
  }

  /**
   * An answer that must be refused.
   *
   * @param name what is wrong with it
   * @param text exactly what the target sends
   */
  record Answer(String name, String text) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Answer fields(String name, String lines) {
    return new Answer(name, "HTTP/1.1 200 OK\r\n" + lines + "\r\n\r\nhello");
  }

  private static Answer raw(String name, String text) {
    return new Answer(name, text);
  }

  static Stream<Answer> bad() {
    return Stream.of(
        fields("CL and TE", "Content-Length: 5\r\nTransfer-Encoding: chunked"),
        fields("TE and CL", "Transfer-Encoding: chunked\r\nContent-Length: 5"),
        fields("CL 0 and TE", "Content-Length: 0\r\nTransfer-Encoding: chunked"),
        fields("two CL, the first 0", "Content-Length: 0\r\nContent-Length: 5"),
        fields("two CL that differ", "Content-Length: 5\r\nContent-Length: 6"),
        fields("a list of CL that differ", "Content-Length: 5, 6"),
        fields("CL with a plus", "Content-Length: +5"),
        fields("CL with a minus", "Content-Length: -5"),
        fields("CL in hex", "Content-Length: 0x5"),
        fields("CL empty", "Content-Length:"),
        fields("CL overflowing", "Content-Length: 18446744073709551621"),
        fields("TE unknown", "Transfer-Encoding: cow"),
        fields("TE chunked twice", "Transfer-Encoding: chunked, chunked"),
        fields("two TE", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        fields("TE with a vertical tab", "Transfer-Encoding: \u000bchunked"),
        fields("a blank before a colon", "Content-Length : 5"),
        fields("no colon", "Content-Length: 5\r\njunk"),
        fields("no name", "Content-Length: 5\r\n: x"),
        fields("a bad byte in a name", "Content-Length: 5\r\nX(y): z"),
        fields("NUL in a value", "Content-Length: 5\r\nX: a\u0000b"),
        fields("bare CR in a value", "Content-Length: 5\r\nX: a\rb"),
        fields("a blank before the first field", " X: y\r\nContent-Length: 5"),
        fields("too many fields", "X: y\r\n".repeat(21) + "Content-Length: 5"),
        fields("a head too large", "X: " + "y".repeat(5000) + "\r\nContent-Length: 5"),
        raw("a head without end", "HTTP/1.1 200 OK\r\nX: " + "y".repeat(100_000)),
        raw("a status line without end", "HTTP/1.1 200 " + "O".repeat(100_000)),
        raw(
            "TE on HTTP/1.0",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        raw("no HTTP at all", "SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n"),
        raw("HTTP/0.9", "<html>hello</html>\r\n\r\n"),
        raw("HTTP/2.0", "HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        raw("an HTTP/2 frame", "\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000\r\n\r\n"),
        raw("small letters", "http/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        raw("a status of two digits", "HTTP/1.1 20 OK\r\nContent-Length: 5\r\n\r\nhello"),
        raw("a status of four digits", "HTTP/1.1 2000 OK\r\nContent-Length: 5\r\n\r\nhello"),
        raw("a status in letters", "HTTP/1.1 abc OK\r\nContent-Length: 5\r\n\r\nhello"),
        raw("a status of 0", "HTTP/1.1 000 OK\r\nContent-Length: 5\r\n\r\nhello"),
        raw("a status of 99", "HTTP/1.1 099 OK\r\nContent-Length: 5\r\n\r\nhello"),
        raw("a NUL in the reason", "HTTP/1.1 200 O\u0000K\r\nContent-Length: 5\r\n\r\nhello"),
        raw("a bare CR in the reason", "HTTP/1.1 200 O\rX: y\r\nContent-Length: 5\r\n\r\nhello"),
        raw("a request instead", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        raw(
            "an interim answer that is bad",
            "HTTP/1.1 103 Early Hints\r\n"
                + "X : y\r\n\r\n"
                + "HTTP/1.1 200 OK\r\n"
                + "Content-Length: 5\r\n\r\n"
                + "hello"),
        raw(
            "an interim answer with a length",
            "HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\nhello"
                + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void becomesBadGatewayAndTheConnectionGoes(Answer answer) {
    badGateway(
        exchange -> {
          exchange.send(answer.text());
          exchange.awaitEnd();
        });
  }

  @ParameterizedTest
  @MethodSource("bad")
  void becomesBadGatewayByteByByteToo(Answer answer) {
    badGateway(
        exchange -> {
          String text = answer.text().substring(0, Math.min(400, answer.text().length()));
          for (int i = 0; i < text.length(); i++) {
            exchange.send(text.substring(i, i + 1));
          }
          exchange.send(answer.text().substring(text.length()));
          exchange.awaitEnd();
        });
  }

  private void badGateway(Script script) {
    rig.target().next(script);
    try (RawClient client = rig.client()) {
      RawResponse got = client.send(Rig.request("GET", "/a")).read();
      assertEquals(502, got.status());
      assertFalse(got.body().contains("hello"));
      TargetConnection used =
          rig.target().connections().get(rig.target().awaitRequest().connection());
      used.awaitEnded();
      if (got.saysClose()) {
        client.expectClosed();
      } else {
        Rig.assertStillServes(client);
        rig.target().forget();
        client.hangUp();
      }
    }
    assertEquals("GET /others", rig.get("/others").body());
  }

  /** The end of the connection, instead of an answer or within its head. */
  @Test
  void endInsteadOfAnAnswer() {
    for (String part :
        List.of("", "H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n")) {
      for (Script script : List.of(Script.rawThenClose(part), Script.rawThenReset(part))) {
        rig.target().next(script);
        assertEquals(502, rig.exchange(Rig.post("/a", "x")).status(), Wire.show(part));
      }
    }
  }

  /** obs-fold (RFC 9112, section 5.2): refused, or read as blanks; never passed on. */
  @Test
  void foldedFieldIsNeverPassedOn() {
    String answer = "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 5\r\n\r\nhello";
    rig.target().next(Script.raw(answer));
    RawResponse got = rig.get("/a");
    assertTrue(
        got.status() == 502 || (got.status() == 200 && got.field("X").matches("a +b")),
        Wire.show(got.head()));
  }

  /** Bare LF (RFC 9112, section 2.2): refused, or read as a line's end; never passed on. */
  @Test
  void bareLineFeedsAreNeverPassedOn() {
    rig.target().next(Script.raw("HTTP/1.1 200 OK\nX: a\nContent-Length: 5\n\nhello"));
    RawResponse got = rig.get("/a");
    assertTrue(got.status() == 502 || got.body().equals("hello"), Wire.show(got.head()));
  }

  @Test
  void equalLengthsAreNeverPassedOnTwice() {
    for (String lines : List.of("Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5, 5")) {
      rig.target().next(Script.raw("HTTP/1.1 200 OK\r\n" + lines + "\r\n\r\nhello"));
      RawResponse got = rig.get("/a");
      assertTrue(
          got.status() == 502 || (got.field("Content-Length").equals("5")), Wire.show(got.head()));
    }
  }

  /** Bytes behind an answer belong to nobody: the next request gets its own answer. */
  @Test
  void bytesBehindAnAnswerAreNotTheNextAnswer() {
    for (String answer :
        List.of(
            Script.okay("first"),
            "HTTP/1.1 204 No Content\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n0\r\n\r\n")) {
      rig.target().next(Script.raw(answer + Script.okay("stolen")));
      try (RawClient client = rig.client()) {
        client.send(Rig.request("GET", "/a"));
        assertTrue(client.read().status() < 300);
        assertEquals("GET /b", client.send(Rig.request("GET", "/b")).read().body());
      }
      assertEquals("GET /c", rig.get("/c").body());
    }
  }

  @Test
  void bytesOnAnIdleConnectionAreNotTheNextAnswer() {
    assertEquals("GET /a", rig.get("/a").body());
    TargetConnection idle =
        rig.target().connections().get(rig.target().awaitRequest().connection());
    idle.sendUnasked(Script.okay("stolen"));
    idle.awaitEnded();
    assertEquals("GET /b", rig.get("/b").body());
  }

  @Test
  void badChunkAbortsTheClient() {
    for (String chunk :
        List.of(
            "zz\r\nmore\r\n0\r\n\r\n",
            "4\nmore\r\n0\r\n\r\n",
            "4\r\nmore!\r\n0\r\n\r\n",
            "-1\r\n",
            "ffffffffffffffffff\r\n",
            "\r\n\r\n")) {
      rig.target()
          .next(
              Script.raw(
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n" + chunk));
      try (RawClient client = rig.client()) {
        // All came at once, so the abort may overtake even the head.
        String all = client.send(Rig.request("GET", "/a")).readToEnd();
        assertFalse(all.endsWith("0\r\n\r\n"), Wire.show(all));
      }
    }
    Await.until(
        "every connection with a bad answer is closed", () -> rig.target().openConnections() <= 1);
  }
}
