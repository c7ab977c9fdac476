package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Route;
import io.proxyetc.Timeouts;
import io.proxyetc.testkit.Curl;
import io.proxyetc.testkit.End;
import io.proxyetc.testkit.FaultyRelay;
import io.proxyetc.testkit.FaultyRelay.Fault;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Script;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Row 27: a body that is cut short aborts the client's connection, and never ends as if complete.
 */
final class CutBodyTest {
  private static final String LENGTH = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String UNTIL_CLOSE = "HTTP/1.1 200 OK\r\n\r\n";

  /**
   * How a body is cut.
   *
   * @param name a word for it
   * @param sent what the target sends
   * @param reset whether it resets the connection then, rather than ending it cleanly
   */
  record Cut(String name, String sent, boolean reset) {
    @Override
    public String toString() {
      return name + (reset ? " by RST" : " by FIN");
    }

    Script script() {
      // The reset may overtake the bytes before it, so the client may see none of the response.
      return reset ? Script.rawThenReset(sent) : Script.rawThenClose(sent);
    }
  }

  static Stream<Cut> cuts() {
    return Stream.of(
        new Cut("within a length", LENGTH + "some", false),
        new Cut("within a length", LENGTH + "some", true),
        new Cut("before the first byte of a length", LENGTH, false),
        new Cut("between chunks", CHUNKED + "4\r\nsome\r\n", false),
        new Cut("between chunks", CHUNKED + "4\r\nsome\r\n", true),
        new Cut("within a chunk", CHUNKED + "9\r\nsome", false),
        new Cut("within a size", CHUNKED + "4\r\nsome\r\n4", false),
        new Cut("before the first chunk", CHUNKED, false),
        new Cut("within the end", CHUNKED + "4\r\nsome\r\n0\r\n", false),
        new Cut("within a trailer", CHUNKED + "4\r\nsome\r\n0\r\nX-Sum: ", false),
        new Cut("before the end of the connection", UNTIL_CLOSE + "some", true));
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void clientNeverSeesACompleteBody(Cut cut) {
    try (Rig rig = Rig.start(cut.script(), route -> route.retries(0));
        RawClient client = rig.client()) {
      RawResponse got = client.send(Rig.request("GET", "/a")).read();
      if (got.status() == 200) {
        assertFalse(got.complete());
        client.expectClosed();
      } else {
        assertEquals(502, got.status());
      }
      rig.target().always(Script.echoLine());
      assertEquals("GET /others", rig.get("/others").body());
    }
  }

  /** For a client of HTTP/1.0 a clean close would be the end of the body: only a reset tells. */
  @ParameterizedTest
  @MethodSource("cuts")
  void clientOfHttpOneZeroSeesAReset(Cut cut) {
    try (Rig rig = Rig.start(cut.script(), route -> route.retries(0));
        RawClient client = rig.client()) {
      RawResponse got = client.send("GET /a HTTP/1.0\r\nHost: app.test\r\n\r\n").read();
      if (got.status() == 200) {
        assertFalse(got.complete());
        if (got.framing() == RawResponse.Framing.CLOSE) {
          assertEquals(End.RST, client.ended());
        }
      } else {
        assertEquals(502, got.status());
      }
    }
  }

  @Test
  void curlComplainsOfACutBody() {
    for (String sent : new String[] {LENGTH + "some", CHUNKED + "4\r\nsome\r\n"}) {
      try (Rig rig = Rig.start(Script.rawThenClose(sent))) {
        Curl.Answer answer = Curl.run("http://127.0.0.1:" + rig.port() + "/a");
        assertTrue(answer.code() == 18 || answer.code() == 56, answer.code() + " " + answer.err());
      }
    }
  }

  @Test
  void relayThatCutsALargeBody() {
    String body = "0123456789".repeat(100_000);
    try (Rig rig = Rig.start(Script.raw(Script.okay(body)));
        FaultyRelay relay = FaultyRelay.to(rig.target().port())) {
      rig.proxy().routes().put(Route.builder("all").to(relay.url()).retries(0).build());
      for (Fault fault : new Fault[] {Fault.fin(500_000), Fault.reset(500_000)}) {
        relay.back(fault);
        try (RawClient client = rig.client()) {
          RawResponse got = client.send(Rig.request("GET", "/a")).read();
          assertEquals(200, got.status());
          assertFalse(got.complete());
          assertTrue(body.startsWith(got.body()));
        }
      }
    }
  }

  /** A target that stops within a body holds its client no longer than the idle time-out. */
  @Test
  void stalledBodyIsCutByTheIdleTimeout() {
    Script stalling =
        exchange -> {
          exchange.send(LENGTH + "some");
          exchange.awaitEnd();
        };
    Timeouts brief =
        new Timeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofMillis(300), Duration.ZERO);
    try (Rig rig = Rig.start(stalling, route -> route.timeouts(brief));
        RawClient client = rig.client()) {
      RawResponse got = client.send(Rig.request("GET", "/a")).read();
      assertEquals(200, got.status());
      assertFalse(got.complete());
      rig.target().connections().get(0).awaitEnded();
    }
  }

  /** The same for the total time-out, which a body that trickles on and on does not escape. */
  @Test
  void endlessBodyIsCutByTheTotalTimeout() {
    Script endless =
        exchange -> {
          exchange.send(CHUNKED);
          for (int i = 0; i < 10_000; i++) {
            exchange.send("4\r\nsome\r\n");
            exchange.rest(20);
          }
        };
    Timeouts brief =
        new Timeouts(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1));
    try (Rig rig = Rig.start(endless, route -> route.timeouts(brief));
        RawClient client = rig.client()) {
      RawResponse got = client.send(Rig.request("GET", "/a")).read();
      assertEquals(200, got.status());
      assertFalse(got.complete());
      rig.target().connections().get(0).awaitEnded();
    }
  }
}
