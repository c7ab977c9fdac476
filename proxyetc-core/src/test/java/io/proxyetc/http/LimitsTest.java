package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Limits;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.Wire;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Rows 13 and 14: requests that are too large or too slow, each under small limits. */
@TestInstance(Lifecycle.PER_CLASS)
final class LimitsTest {
  private static final Limits SMALL =
      Rig.LIMITS
          .withHeads(1024, 4096, 20, 4096)
          .withMaxBody(10_000)
          .withRequestTimeouts(Duration.ofMillis(800), Duration.ofMillis(800))
          .withKeepAlive(Duration.ofSeconds(1), Duration.ofSeconds(5));

  private Rig rig;

  @BeforeAll
  void open() {
    rig = Rig.start(Script.echoLine(), SMALL);
  }

  @BeforeEach
  void forget() {
    rig.target().forget();
  }

  @AfterAll
  void close() {
    rig.close();
  }

  private void refused(int status, String request) {
    rig.target().forget();
    try (RawClient client = rig.client()) {
      client.trySend(request);
      RawResponse refusal = client.read();
      assertEquals(status, refusal.status());
      assertTrue(refusal.saysClose());
      client.expectClosed();
    }
    rig.assertOnlyOthersAreServed();
  }

  @Test
  void requestLineTooLong() {
    refused(414, Rig.request("GET", "/" + "a".repeat(1024)));
  }

  @Test
  void requestLineWithoutEnd() {
    refused(414, "GET /" + "a".repeat(3000));
  }

  @Test
  void methodWithoutEnd() {
    try (RawClient client = rig.client()) {
      client.trySend("A".repeat(100_000));
      int status = client.read().status();
      assertTrue(status == 414 || status == 400 || status == 501, "status " + status);
      client.expectClosed();
    }
    rig.assertOnlyOthersAreServed();
  }

  @Test
  void requestLineMuchTooLong() {
    refused(414, Rig.request("GET", "/" + "a".repeat(1_000_000)));
  }

  @Test
  void requestLineJustFits() {
    String path = "/" + "a".repeat(1024 - "GET / HTTP/1.1\r\n".length());
    assertEquals(200, rig.get(path).status());
  }

  @Test
  void headTooLargeInOneField() {
    refused(431, Rig.request("GET", "/a", "X: " + "b".repeat(4096)));
  }

  @Test
  void headTooLargeInOneName() {
    refused(431, Rig.request("GET", "/a", "X".repeat(5000) + ": b"));
  }

  @Test
  void headTooLargeInManyFields() {
    refused(431, Rig.request("GET", "/a", ("X: " + "b".repeat(500) + "\r\n").repeat(9) + "Y: z"));
  }

  @Test
  void headWithoutEnd() {
    refused(431, "GET /a HTTP/1.1\r\nHost: app.test\r\nX: " + "b".repeat(1_000_000));
  }

  @Test
  void headJustFits() {
    String frame = Rig.request("GET", "/a", "X: ");
    String whole = Rig.request("GET", "/a", "X: " + "b".repeat(4096 - frame.length()));
    assertEquals(4096, whole.length());
    assertEquals(200, rig.exchange(whole).status());
  }

  @Test
  void tooManyFields() {
    refused(431, Rig.request("GET", "/a", "X: y\r\n".repeat(20) + "Z: z"));
  }

  @Test
  void justSoManyFields() {
    assertEquals(200, rig.get("/a", "X: y\r\n".repeat(18) + "Z: z").status());
  }

  @Test
  void bodyTooLargeByItsLength() {
    refused(413, Rig.request("POST", "/a", "Content-Length: 10001"));
    refused(413, Rig.request("POST", "/a", "Content-Length: 99999999999999999"));
  }

  @Test
  void bodyTooLargeByItsLengthIsNotInvited() {
    refused(413, Rig.request("POST", "/a", "Expect: 100-continue", "Content-Length: 10001"));
  }

  @Test
  void bodyTooLargeByItsLengthAndSentAtOnce() {
    refused(413, Rig.post("/a", "b".repeat(2_000_000)));
  }

  @Test
  void bodyTooLargeInChunks() {
    try (RawClient client = rig.client()) {
      client.trySend(Rig.postChunked("/a", "b".repeat(10_001)));
      RawResponse refusal = client.read();
      assertEquals(413, refusal.status());
      client.expectClosed();
    }
    rig.assertCompleteAtTarget();
  }

  @Test
  void bodyJustFits() {
    try (RawClient client = rig.client()) {
      assertEquals("POST /a", client.send(Rig.post("/a", "b".repeat(10_000))).read().body());
      assertEquals("POST /b", client.send(Rig.postChunked("/b", "b".repeat(10_000))).read().body());
      Rig.assertStillServes(client);
    }
    assertEquals(10_000, rig.target().awaitRequest().awaitBody().text().length());
    assertEquals(10_000, rig.target().awaitRequest().awaitBody().text().length());
  }

  @Test
  void slowHead() {
    try (RawClient slow = rig.client();
        RawClient other = rig.client()) {
      slow.send("GET /slow HTTP/1.1\r\nHost: app.te");
      assertEquals("GET /others", other.send(Rig.request("GET", "/others")).read().body());
      RawResponse refusal = slow.read();
      assertEquals(408, refusal.status());
      assertTrue(refusal.saysClose());
      slow.expectClosed();
    }
    rig.target().assertReceived("GET /others");
  }

  /** A byte now and then does not buy more time: the limit is on the whole head. */
  @Test
  void trickledHead() {
    try (RawClient slow = rig.client()) {
      String head = "GET /slow HTTP/1.1\r\nHost: app.test\r\nX: " + "y".repeat(100_000);
      long start = System.nanoTime();
      int sent = 0;
      while (slow.trySend(head.substring(sent, sent + 1))
          && System.nanoTime() - start < Wire.PATIENCE.toNanos()
          && sent < 3900) {
        sent++;
        slow.rest(5);
      }
      assertTrue(sent < 3900, "the proxy took a head of " + sent + " bytes over 20 s");
      String all = slow.readToEnd();
      assertTrue(all.isEmpty() || all.startsWith("HTTP/1.1 408 "), Wire.show(all));
    }
    rig.assertOnlyOthersAreServed();
  }

  @Test
  void slowBody() {
    for (String part :
        new String[] {
          "Content-Length: 10\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhe"
        }) {
      rig.target().forget();
      try (RawClient slow = rig.client();
          RawClient other = rig.client()) {
        slow.send("POST /slow HTTP/1.1\r\nHost: app.test\r\n" + part);
        assertEquals(200, other.send(Rig.request("GET", "/meanwhile")).read().status());
        assertEquals(408, slow.read().status());
        slow.expectClosed();
      }
      Received begun =
          rig.target().requests().stream()
              .filter(r -> r.method().equals("POST"))
              .findFirst()
              .orElse(null);
      if (begun != null) {
        rig.target().connections().get(begun.connection()).awaitEnded();
        assertFalse(begun.complete());
      }
      assertTrue(rig.target().lines().contains("GET /meanwhile"));
    }
  }

  /** A body may take longer in all than its limit, which is between two pieces. */
  @Test
  void steadyBodyMayTakeItsTime() {
    try (RawClient client = rig.client()) {
      client.send(Rig.request("POST", "/steady", "Content-Length: 9"));
      for (int i = 0; i < 9; i++) {
        client.rest(120);
        client.send("x");
      }
      assertEquals("POST /steady", client.read().body());
    }
  }

  @Test
  void idleConnectionIsClosedWithoutAnAnswer() {
    try (RawClient fresh = rig.client();
        RawClient used = rig.client()) {
      assertEquals(200, used.send(Rig.request("GET", "/a")).read().status());
      used.expectClosed();
      String all = fresh.readToEnd();
      assertTrue(all.isEmpty() || all.startsWith("HTTP/1.1 408 "), Wire.show(all));
    }
  }
}
