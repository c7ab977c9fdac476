package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.Wire;
import java.util.Set;
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

/** Rows 12 and 22: versions, methods and the shape of the request line (RFC 9112, section 3). */
@TestInstance(Lifecycle.PER_CLASS)
final class RequestLineTest {
  private Rig rig;

  @BeforeAll
  void open() {
    rig = Rig.start();
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
   * A request line that must be refused.
   *
   * @param line without its end
   * @param statuses any of these is right
   */
  record Line(String line, Set<Integer> statuses) {
    @Override
    public String toString() {
      return Wire.show(line);
    }
  }

  private static Line line(String line, Integer... statuses) {
    return new Line(line, Set.of(statuses));
  }

  static Stream<Line> versions() {
    return Stream.of(
            "HTTP/2.0",
            "HTTP/2",
            "HTTP/3.0",
            "HTTP/0.9",
            "HTTP/1",
            "HTTP/1.",
            "HTTP/11",
            "HTTP/1.10",
            "HTTP/01.1",
            "HTTP/1.01",
            "HTTP/+1.1",
            "HTTP/-1.1",
            "HTTP/1,1",
            "HTTP/a.b",
            "HTTP/1.1.1",
            "HTTP/",
            "HTTP",
            "http/1.1",
            "Http/1.1",
            "HTTPS/1.1",
            "HTTP/1.1x",
            "HTTP /1.1",
            "HTTP/ 1.1",
            "HTTP/1 .1",
            "XHTTP/1.1",
            "ICAP/1.1",
            "")
        .map(version -> line("GET /a " + version, 400, 505));
  }

  static Stream<Line> shapes() {
    return Stream.of(
        line("GET /a", 400, 505),
        line("GET", 400),
        line("GET  /a HTTP/1.1", 400),
        line("GET /a  HTTP/1.1", 400),
        line("GET /a HTTP/1.1 ", 400),
        line(" GET /a HTTP/1.1", 400),
        line("GET\t/a\tHTTP/1.1", 400),
        line("GET /a b HTTP/1.1", 400),
        line("GET /a\tb HTTP/1.1", 400),
        line("GET /a\u000bHTTP/1.1", 400, 505),
        line("GET /a\u0000b HTTP/1.1", 400),
        line("GET /a\u007fb HTTP/1.1", 400),
        line("GET /a\rb HTTP/1.1", 400),
        line("GET /a#frag HTTP/1.1", 400),
        line("GET a HTTP/1.1", 400),
        line("GET ?a HTTP/1.1", 400),
        line("GET * HTTP/1.1", 400),
        line("GET \\a HTTP/1.1", 400),
        line("GET /a?b\u0001c HTTP/1.1", 400),
        line("G(T /a HTTP/1.1", 400),
        line("G\u0000T /a HTTP/1.1", 400),
        line("G\u00c4T /a HTTP/1.1", 400),
        line("\"GET\" /a HTTP/1.1", 400),
        line(": GET /a HTTP/1.1", 400),
        line("Host: app.test", 400, 505));
  }

  @ParameterizedTest
  @MethodSource({"versions", "shapes"})
  void isRefusedAndTheTargetHearsNothing(Line bad) {
    try (RawClient client = rig.client()) {
      client.send(
          bad.line() + "\r\nHost: app.test\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
      RawResponse refusal = client.read();
      assertTrue(bad.statuses().contains(refusal.status()), () -> Wire.show(refusal.head()));
      assertEquals("HTTP/1.1", refusal.version());
      client.expectClosed();
    }
    rig.assertOnlyOthersAreServed();
  }

  @Test
  void httpZeroNineIsRefused() {
    try (RawClient client = rig.client()) {
      client.send("GET /a\r\n").halfClose();
      String all = client.readToEnd();
      assertTrue(all.isEmpty() || all.matches("(?s)HTTP/1\\.1 (400|505) .*"), Wire.show(all));
    }
    rig.assertOnlyOthersAreServed();
  }

  @Test
  void httpTwoPrefaceOnCleartextIsRefused() {
    try (RawClient client = rig.client()) {
      client.send(
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000");
      RawResponse refusal = client.read();
      assertTrue(Set.of(400, 505).contains(refusal.status()), refusal.head());
      client.expectClosed();
    }
    rig.assertOnlyOthersAreServed();
  }

  /** A TLS client on a plain port hears something it can make nothing of, and nobody is hurt. */
  @Test
  void tlsOnAPlainPortIsRefused() {
    try (RawClient client = rig.client()) {
      client.send("\u0016\u0003\u0001\u0000\u0005\u0001\u0000\u0000\u0001\u0003\r\n\r\n");
      String all = client.readToEnd();
      assertTrue(all.isEmpty() || all.startsWith("HTTP/1.1 400 "), Wire.show(all));
    }
    rig.assertOnlyOthersAreServed();
  }

  /**
   * RFC 9110, section 2.5: a higher minor version is served as ours, or refused; never passed on.
   */
  @Test
  void higherMinorVersionIsNotPassedOn() {
    try (RawClient client = rig.client()) {
      RawResponse response = client.send("GET /a HTTP/1.2\r\nHost: app.test\r\n\r\n").read();
      if (response.status() == 200) {
        assertEquals("HTTP/1.1", rig.target().awaitRequest().version());
        Rig.assertStillServes(client);
      } else {
        assertTrue(Set.of(400, 505).contains(response.status()), response.head());
        client.expectClosed();
        rig.assertOnlyOthersAreServed();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r\n", ""})
  void oneEmptyLineInFrontIsTolerated(String front) {
    try (RawClient client = rig.client()) {
      assertEquals(200, client.send(front + Rig.request("GET", "/a")).read().status());
      assertEquals(200, client.send("\r\n" + Rig.request("GET", "/b")).read().status());
    }
    rig.target().assertReceived("GET /a", "GET /b");
  }

  @Test
  void endlessEmptyLinesInFrontAreNot() {
    try (RawClient client = rig.client()) {
      client.trySend("\r\n".repeat(100_000) + Rig.request("GET", "/a"));
      String all = client.readToEnd();
      assertTrue(all.isEmpty() || all.matches("(?s)HTTP/1\\.1 4\\d\\d .*"), Wire.show(all));
    }
    rig.assertOnlyOthersAreServed();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"PUT", "DELETE", "PATCH", "PROPFIND", "M-SEARCH", "get", "X!#$%&'*+-.^_`|~"})
  void otherMethodsPass(String method) {
    assertEquals(method + " /a", rig.exchange(Rig.request(method, "/a")).body());
    Received request = rig.target().awaitRequest();
    assertEquals(method, request.method());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONNECT app.test:443 HTTP/1.1\r\nHost: app.test:443\r\n\r\n",
        "CONNECT / HTTP/1.1\r\nHost: app.test\r\n\r\n",
        "CONNECT app.test:443 HTTP/1.0\r\n\r\n",
        "TRACE /a HTTP/1.1\r\nHost: app.test\r\nCookie: secret\r\n\r\n",
        "TRACE / HTTP/1.1\r\nHost: app.test\r\nMax-Forwards: 0\r\n\r\n"
      })
  void connectAndTraceAreRefused(String request) {
    try (RawClient client = rig.client()) {
      client.send(request);
      RawResponse refusal = client.read();
      assertTrue(Set.of(400, 405, 501).contains(refusal.status()), refusal.head());
      assertTrue(request.contains("CONNECT / ") || refusal.status() != 400, refusal.head());
      assertTrue(!refusal.body().contains("secret"));
      if (refusal.saysClose()) {
        client.expectClosed();
      } else {
        Rig.assertStillServes(client);
        rig.target().forget();
      }
    }
    rig.assertOnlyOthersAreServed();
  }

  @Test
  void optionsOfTheWholeServerPass() {
    RawResponse response = rig.exchange("OPTIONS * HTTP/1.1\r\nHost: app.test\r\n\r\n");
    assertEquals(200, response.status());
    rig.target().assertReceived("OPTIONS *");
  }
}
