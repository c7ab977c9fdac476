package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Wire;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Heads on which a sender and a receiver could disagree about where a request ends (RFC 9112,
 * sections 2.2, 5 and 6): each is refused, its connection closes, and the target hears nothing.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class FramingFaultsTest {
  /** What a smuggler would like the target to see: it stands behind every faulty request. */
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: app.test\r\n\r\n";

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
   * A request that must be refused.
   *
   * @param name what is wrong with it
   * @param head from the request line on
   * @param statuses any of these is right
   */
  record Fault(String name, String head, Set<Integer> statuses) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Fault post(String name, String lines) {
    return post(name, lines, 400);
  }

  private static Fault post(String name, String lines, Integer... statuses) {
    return new Fault(
        name, "POST /a HTTP/1.1\r\nHost: app.test\r\n" + lines + "\r\n\r\n", Set.of(statuses));
  }

  private static Fault raw(String name, String head) {
    return new Fault(name, head, Set.of(400));
  }

  /** Rows 1 to 3. */
  static Stream<Fault> lengths() {
    return Stream.of(
        post("CL and TE", "Content-Length: 5\r\nTransfer-Encoding: chunked"),
        post("TE and CL", "Transfer-Encoding: chunked\r\nContent-Length: 5"),
        post("CL 0 and TE", "Content-Length: 0\r\nTransfer-Encoding: chunked"),
        post("TE and CL in other cases", "transfer-ENCODING: Chunked\r\ncontent-length: 5"),
        post(
            "CL and TE that is named by Connection",
            "Connection: Transfer-Encoding\r\nContent-Length: 5\r\nTransfer-Encoding: chunked"),
        post("CL and TE identity", "Content-Length: 5\r\nTransfer-Encoding: identity", 400, 501),
        post("two CL that differ", "Content-Length: 5\r\nContent-Length: 6"),
        post("two CL, the first 0", "Content-Length: 0\r\nContent-Length: 5"),
        post("two CL, the second empty", "Content-Length: 5\r\nContent-Length:"),
        post("a list of CL that differ", "Content-Length: 5, 6"),
        post("a list with an empty member", "Content-Length: 5,"),
        post("CL with a plus", "Content-Length: +5"),
        post("CL with a minus", "Content-Length: -1"),
        post("CL minus zero", "Content-Length: -0"),
        post("CL in hex", "Content-Length: 0x5"),
        post("CL with an underscore", "Content-Length: 1_0"),
        post("CL empty", "Content-Length:"),
        post("CL blank", "Content-Length:  \t "),
        post("CL with a fraction", "Content-Length: 5.0"),
        post("CL with an exponent", "Content-Length: 5e0"),
        post("CL of two words", "Content-Length: 5 5"),
        post("CL in quotes", "Content-Length: \"5\""),
        post("CL with a semicolon", "Content-Length: 5;a=b"),
        post("CL in letters", "Content-Length: five"),
        post("CL beyond 63 bits", "Content-Length: 9223372036854775808"),
        post("CL that wraps to 5 in 64 bits", "Content-Length: 18446744073709551621"),
        post("CL of 100 digits", "Content-Length: " + "9".repeat(100)),
        post("CL with a form feed", "Content-Length: 5\f"),
        post("CL with a non-ASCII digit", "Content-Length: \u00b5"),
        post("CL with a blank before the colon", "Content-Length : 5"));
  }

  /** Rows 4 and 5. */
  static Stream<Fault> codings() {
    return Stream.of(
        post("TE unknown", "Transfer-Encoding: gzip", 501),
        post("TE unknown before chunked", "Transfer-Encoding: gzip, chunked", 501),
        post("TE that only looks like chunked", "Transfer-Encoding: xchunked", 501),
        post("TE that starts like chunked", "Transfer-Encoding: chunkedx", 501),
        post("TE cow", "Transfer-Encoding: cow", 501),
        post("TE identity", "Transfer-Encoding: identity", 400, 501),
        post("TE chunked twice", "Transfer-Encoding: chunked, chunked"),
        post("two TE", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
        post(
            "TE chunked, then cow",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow",
            400,
            501),
        post(
            "TE cow, then chunked",
            "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked",
            400,
            501),
        post("TE chunked not last", "Transfer-Encoding: chunked, gzip"),
        post("TE chunked and a blank, not last", "Transfer-Encoding: chunked , gzip"),
        post("TE with an odd byte", "Transfer-Encoding: gz@ip, chunked"),
        post("TE chunked, identity", "Transfer-Encoding: chunked, identity"),
        post("TE with an empty member in front", "Transfer-Encoding: ,chunked"),
        post("TE with an empty member behind", "Transfer-Encoding: chunked,"),
        post("TE empty", "Transfer-Encoding:", 400, 501),
        post("TE with a parameter", "Transfer-Encoding: chunked;q=1", 400, 501),
        post("TE in quotes", "Transfer-Encoding: \"chunked\"", 400, 501),
        post("TE in single quotes", "Transfer-Encoding: 'chunked'", 400, 501),
        post("TE of two words", "Transfer-Encoding: chunked chunked", 400, 501),
        post("TE with a vertical tab", "Transfer-Encoding: \u000bchunked"),
        post("TE with a form feed", "Transfer-Encoding: chunked\f"),
        post("TE with a NUL", "Transfer-Encoding: chunked\u0000"),
        post("TE with a no-break space", "Transfer-Encoding: \u00a0chunked", 400, 501),
        post("TE with a DEL", "Transfer-Encoding: chunked\u007f"),
        post("TE behind a bare LF", "X: y\nTransfer-Encoding: chunked"),
        post("TE behind a bare CR", "X: y\rTransfer-Encoding: chunked"),
        post("TE folded", "Transfer-Encoding:\r\n chunked"),
        post("TE folded into another field", "X: y\r\n Transfer-Encoding: chunked"),
        post("TE with a blank before the colon", "Transfer-Encoding : chunked"),
        post("TE with a tab before the colon", "Transfer-Encoding\t: chunked"),
        post("TE with a NUL in the name", "Transfer\u0000-Encoding: chunked"),
        post("TE name with a high byte", "Transfer-Encoding\u00ff: chunked"),
        raw(
            "TE on HTTP/1.0",
            "POST /a HTTP/1.0\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\n\r\n"),
        raw(
            "TE and CL on HTTP/1.0",
            "POST /a HTTP/1.0\r\nHost: app.test\r\nContent-Length: 5\r\n"
                + "Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n"));
  }

  /** Rows 7 to 9. */
  static Stream<Fault> lines() {
    return Stream.of(
        post("a blank before a colon", "X : y"),
        post("no colon", "X-Flag"),
        post("no name", ": y"),
        post("obs-fold", "A: b\r\n c"),
        post("obs-fold with a tab", "A: b\r\n\tc"),
        post("a fold that is blank", "A: b\r\n  \r\nC: d"),
        raw("a blank before the first field", "GET /a HTTP/1.1\r\n Host: app.test\r\n\r\n"),
        raw("a tab before the first field", "GET /a HTTP/1.1\r\n\tX: y\r\nHost: app.test\r\n\r\n"),
        raw("a blank line that is not empty", "GET /a HTTP/1.1\r\nHost: app.test\r\n \r\n\r\n"),
        post("NUL in a value", "X: a\u0000b"),
        post("CR in a value", "X: a\rb"),
        post("CR at the end of a value", "X: a\r"),
        post("LF in a value", "X: a\nb"),
        post("DEL in a value", "X: a\u007fb"),
        post("an escape in a value", "X: a\u001bb"),
        post("a bad byte in a name", "X(y): z"),
        post("a high byte in a name", "X\u00e4: z"),
        post("NUL in a name", "X\u0000: z"),
        post("a slash in a name", "X/y: z"),
        post("a blank in a name", "X y: z"),
        raw("bare LF throughout", "GET /a HTTP/1.1\nHost: app.test\n\n"),
        raw("bare LF behind the request line", "GET /a HTTP/1.1\nHost: app.test\r\n\r\n"),
        raw("bare LF behind a field", "GET /a HTTP/1.1\r\nHost: app.test\nX: y\r\n\r\n"),
        raw("bare LF at the end", "GET /a HTTP/1.1\r\nHost: app.test\r\n\n"),
        raw("bare CR throughout", "GET /a HTTP/1.1\rHost: app.test\r\r"),
        raw("CR CR CR at the end", "GET /a HTTP/1.1\r\nHost: app.test\r\r\r"),
        raw("CR CR LF at the end", "GET /a HTTP/1.1\r\nHost: app.test\r\n\r\r\n"),
        raw("CR CR LF behind a field", "GET /a HTTP/1.1\r\nHost: app.test\r\r\nX: y\r\n\r\n"),
        raw("CR and a letter at the end", "GET /a HTTP/1.1\r\nHost: app.test\r\n\rX: y\r\n\r\n"));
  }

  @ParameterizedTest
  @MethodSource({"lengths", "codings", "lines"})
  void isRefusedAndTheTargetHearsNothing(Fault fault) {
    try (RawClient client = rig.client()) {
      client.send(fault.head() + "0\r\n\r\n" + SMUGGLED);
      RawResponse refusal = client.read();
      assertTrue(fault.statuses().contains(refusal.status()), () -> Wire.show(refusal.head()));
      assertTrue(refusal.saysClose(), () -> Wire.show(refusal.head()));
      client.expectClosed();
    }
    rig.assertOnlyOthersAreServed();
  }

  @ParameterizedTest
  @MethodSource({"lengths", "codings", "lines"})
  void isRefusedByteByByteToo(Fault fault) {
    try (RawClient client = rig.client()) {
      for (int i = 0; i < fault.head().length(); i++) {
        if (!client.trySend(fault.head().substring(i, i + 1))) {
          break; // Refused before its end: as good.
        }
      }
      client.trySend(SMUGGLED);
      String all = client.readToEnd();
      assertTrue(all.matches("(?s)HTTP/1\\.1 (400|501) .*") || all.isEmpty(), Wire.show(all));
      assertEquals(all.isEmpty() ? 0 : 1, all.split("HTTP/1\\.1 ", -1).length - 1, all);
    }
    rig.assertOnlyOthersAreServed();
  }

  /** What is odd but has one meaning only. */
  static List<Fault> harmless() {
    return List.of(
        new Fault(
            "one empty line in front",
            "\r\nPOST /a HTTP/1.1\r\nHost: app.test\r\n\r\n",
            Set.of(200)),
        post("TE in other cases", "tRANSFER-eNCODING: CHUNKED", 200),
        post("tabs around a value", "X:\t y \t\r\nTransfer-Encoding: \tchunked\t ", 200),
        post("no blank behind the colon", "Transfer-Encoding:chunked", 200),
        post("an empty value", "X:\r\nTransfer-Encoding: chunked", 200),
        post("high bytes in a value", "X: \u00e4\u00ff\r\nTransfer-Encoding: chunked", 200),
        post("every character of a name", "!#$%&'*+-.^_`|~09azAZ: x", 200),
        post(
            "an underscore instead of the hyphen",
            "Transfer_Encoding: chunked\r\nContent-Length: 0",
            200));
  }

  @ParameterizedTest
  @MethodSource("harmless")
  void isServedAsItStands(Fault odd) {
    boolean chunked = odd.head().toLowerCase(Locale.ROOT).contains("transfer-encoding");
    try (RawClient client = rig.client()) {
      client.send(odd.head() + (chunked ? "0\r\n\r\n" : ""));
      assertEquals("POST /a", client.read().body());
      Rig.assertStillServes(client);
    }
    rig.target().assertReceived("POST /a", "GET /next");
  }

  /** Equal lengths twice may be refused or folded into one, but never passed on as they are. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 5\r\nContent-Length: 05",
        "Content-Length: 5, 5"
      })
  void equalLengthsAreNeverPassedOnTwice(String lines) {
    try (RawClient client = rig.client()) {
      client.send("POST /a HTTP/1.1\r\nHost: app.test\r\n" + lines + "\r\n\r\nhello");
      RawResponse response = client.read();
      if (response.status() == 400) {
        client.expectClosed();
        rig.assertOnlyOthersAreServed();
      } else {
        assertEquals(200, response.status());
        assertEquals("5", rig.target().awaitRequest().field("Content-Length"));
        rig.target().assertReceived("POST /a");
      }
    }
  }
}
