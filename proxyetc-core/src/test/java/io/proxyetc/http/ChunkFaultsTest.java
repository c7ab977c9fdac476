package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.Field;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.Script;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Row 6: chunked bodies of clients (RFC 9112, section 7.1). */
@TestInstance(Lifecycle.PER_CLASS)
final class ChunkFaultsTest {
  private static final String HEAD = Rig.request("POST", "/a", "Transfer-Encoding: chunked");
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: app.test\r\n\r\n";

  private Rig rig;

  @BeforeAll
  void open() {
    rig = Rig.start(Script.echoBody());
  }

  @BeforeEach
  void forget() {
    rig.target().forget();
    rig.target().always(Script.echoBody());
  }

  @AfterAll
  void close() {
    rig.close();
  }

  /**
   * A body that must be refused.
   *
   * @param name what is wrong with it
   * @param body from its first chunk on
   */
  record Fault(String name, String body) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Fault fault(String name, String body) {
    return new Fault(name, body);
  }

  static Stream<Fault> faults() {
    return Stream.of(
        fault("no size", "\r\nhello\r\n0\r\n\r\n"),
        fault("no size but an extension", ";a=b\r\nhello\r\n0\r\n\r\n"),
        fault("no digit", "g\r\nhello\r\n0\r\n\r\n"),
        fault("a prefix 0x", "0x5\r\nhello\r\n0\r\n\r\n"),
        fault("a plus", "+5\r\nhello\r\n0\r\n\r\n"),
        fault("a minus", "-5\r\nhello\r\n0\r\n\r\n"),
        fault("a minus zero", "-0\r\n\r\n"),
        fault("a blank in front", " 5\r\nhello\r\n0\r\n\r\n"),
        fault("junk behind the size", "5 junk\r\nhello\r\n0\r\n\r\n"),
        fault("a second size", "5 5\r\nhello\r\n0\r\n\r\n"),
        fault("an underscore", "1_0\r\nhello\r\n0\r\n\r\n"),
        fault("a comma", "5,\r\nhello\r\n0\r\n\r\n"),
        fault("a NUL behind the size", "5\u0000\r\nhello\r\n0\r\n\r\n"),
        fault("beyond 63 bits", "ffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
        fault("wraps to 5 in 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
        fault("wraps to 5 in 32 bits", "f0000000100000005\r\nhello\r\n0\r\n\r\n"),
        fault("endless zeros", "0".repeat(20_000) + "5\r\nhello\r\n0\r\n\r\n"),
        fault("bare LF behind the size", "5\nhello\r\n0\r\n\r\n"),
        fault("bare CR behind the size", "5\rhello\r\n0\r\n\r\n"),
        fault("CR CR LF behind the size", "5\r\r\nhello\r\n0\r\n\r\n"),
        fault("bare LF behind an extension", "5;a\nhello\r\n0\r\n\r\n"),
        fault("bare LF within an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
        fault("bare CR within an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
        fault("bare LF behind the data", "5\r\nhello\n0\r\n\r\n"),
        fault("bare CR behind the data", "5\r\nhello\r0\r\n\r\n"),
        fault("nothing behind the data", "5\r\nhello0\r\n\r\n"),
        fault("more data than the size", "5\r\nhello!\r\n0\r\n\r\n"),
        fault("less data than the size", "6\r\nhello\r\n0\r\n\r\n"),
        fault("two CRLF behind the data", "5\r\nhello\r\n\r\n0\r\n\r\n"),
        fault("bare LF behind the last size", "5\r\nhello\r\n0\n\r\n"),
        fault("bare LF at the end", "5\r\nhello\r\n0\r\n\n"),
        fault("an extension without end", "5;" + "a".repeat(100_000)),
        fault("extensions without end", ("1;" + "a=b;".repeat(1000) + "\r\nx\r\n").repeat(100)),
        fault("a trailer without colon", "0\r\njunk\r\n\r\n"),
        fault("a trailer with a blank before the colon", "0\r\nA : b\r\n\r\n"),
        fault("a folded trailer", "0\r\nA: b\r\n c\r\n\r\n"),
        fault("a trailer with a NUL", "0\r\nA: \u0000\r\n\r\n"),
        fault("a trailer with a bare LF", "0\r\nA: b\nC: d\r\n\r\n"),
        fault("a trailer without end", "0\r\nA: " + "b".repeat(100_000)),
        fault("trailers without end", "0\r\n" + "A: b\r\n".repeat(20_000)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void isRefusedAndNeverCompleteAtTheTarget(Fault fault) {
    try (RawClient client = rig.client()) {
      client.trySend(HEAD + fault.body());
      client.trySend(SMUGGLED);
      RawResponse refusal = client.read();
      assertEquals(400, refusal.status());
      assertTrue(refusal.saysClose());
      client.expectClosed();
    }
    rig.assertCompleteAtTarget();
    assertEquals(List.of(), rig.target().faults());
  }

  @ParameterizedTest
  @MethodSource("faults")
  void isRefusedBehindAGoodChunkToo(Fault fault) {
    try (RawClient client = rig.client()) {
      client.send(HEAD + Wire.chunk("good"));
      Received begun = rig.target().awaitRequest();
      client.trySend(fault.body());
      client.trySend(SMUGGLED);
      assertEquals(400, client.read().status());
      client.expectClosed();
      rig.target().connections().get(begun.connection()).awaitEnded();
      assertTrue(!begun.complete());
    }
    rig.assertCompleteAtTarget();
    assertEquals(List.of(), rig.target().faults());
  }

  /** What RFC 9112 allows. */
  static Stream<Fault> harmless() {
    return Stream.of(
        fault("capital digits", "A\r\n0123456789\r\n0\r\n\r\n"),
        fault("small digits", "a\r\n0123456789\r\n0\r\n\r\n"),
        fault("leading zeros", "0000a\r\n0123456789\r\n000\r\n\r\n"),
        fault("extensions", "a;x;y=z;w=\"q r\"\r\n0123456789\r\n0;last\r\n\r\n"),
        fault("many chunks", "1\r\n0\r\n2\r\n12\r\n3\r\n345\r\n4\r\n6789\r\n0\r\n\r\n"));
  }

  @ParameterizedTest
  @MethodSource("harmless")
  void isServedWholeAndBytewise(Fault body) {
    try (RawClient client = rig.client()) {
      assertEquals("0123456789", client.send(HEAD + body.body()).read().body());
      assertEquals("0123456789", client.trickle(HEAD + body.body()).read().body());
      assertEquals("0123456789", client.send(HEAD + body.body()).read().body());
    }
    rig.target().assertReceived("POST /a", "POST /a", "POST /a");
    rig.target()
        .requests()
        .forEach(
            request -> {
              assertEquals("0123456789", request.awaitBody().text());
              assertTrue(request.awaitBody().chunked());
            });
  }

  /** Framing is rebuilt: nothing of the client's extensions reaches the target. */
  @Test
  void extensionsEndAtTheProxy() {
    rig.exchange(HEAD + "3;evil=\"\"\r\nabc\r\n0;more\r\n\r\n");
    Received request = rig.target().awaitRequest();
    assertEquals("abc", request.awaitBody().text());
    String raw = rig.target().connections().get(request.connection()).raw();
    assertTrue(!raw.contains("evil") && !raw.contains("more"), raw);
  }

  @Test
  void trailersReachTheTarget() {
    try (RawClient client = rig.client()) {
      client.send(
          Rig.request("POST", "/a", "Trailer: X-Sum", "Transfer-Encoding: chunked")
              + "3\r\nabc\r\n0\r\nX-Sum: 6\r\nX-More: a b\r\n\r\n");
      assertEquals("abc", client.read().body());
      Rig.assertStillServes(client);
    }
    Received.Body body = rig.target().awaitRequest().awaitBody();
    assertEquals(List.of(new Field("X-Sum", "6"), new Field("X-More", "a b")), body.trailers());
  }

  /** RFC 9110, section 6.5.1: a trailer must not frame, route or authenticate. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
        "Host: other.test",
        "Connection: close",
        "Authorization: Basic eDp5"
      })
  void trailersThatMustNotBeAreDroppedOrRefused(String trailer) {
    try (RawClient client = rig.client()) {
      RawResponse response =
          client.send(HEAD + "3\r\nabc\r\n0\r\n" + trailer + "\r\nX-Fine: 1\r\n\r\n").read();
      if (response.status() == 400) {
        client.expectClosed();
        return;
      }
      assertEquals(200, response.status());
      List<Field> trailers = rig.target().awaitRequest().awaitBody().trailers();
      assertTrue(trailers.stream().allMatch(f -> f.name().equals("X-Fine")), trailers.toString());
    }
  }

  @Test
  void cutBodyIsNeverCompleteAtTheTarget() {
    for (String part :
        List.of("5\r\nhel", "5\r\nhello\r\n", "5\r\nhello\r\n0\r\n", "5\r\nhello\r\n0")) {
      rig.target().forget();
      try (RawClient client = rig.client()) {
        client.send(HEAD + part);
        Received begun = rig.target().awaitRequest();
        client.hangUp();
        rig.target().connections().get(begun.connection()).awaitEnded();
        assertTrue(!begun.complete(), part);
      }
      rig.assertCompleteAtTarget();
    }
  }
}
