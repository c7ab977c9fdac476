package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.Script;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Rows 19 and 20: what the target is told of the client, and whom the proxy believes. */
final class ForwardedTest {
  private static final String[] CLAIMS = {
    "X-Forwarded-For: 6.6.6.6",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Host: evil.test",
    "X-Forwarded-Port: 666",
    "Forwarded: for=6.6.6.6;proto=https;host=evil.test"
  };

  private static Rig trusting(String... networks) {
    return Rig.start(Script.echoLine(), route -> route, proxy -> proxy.trustedPeers(networks));
  }

  private static void assertOurs(Rig rig, Received request) {
    assertEquals("127.0.0.1", request.field("X-Forwarded-For"));
    assertEquals("http", request.field("X-Forwarded-Proto"));
    assertEquals("app.test", request.field("X-Forwarded-Host"));
    assertEquals(Integer.toString(rig.port()), request.field("X-Forwarded-Port"));
    String forwarded = request.field("Forwarded").toLowerCase(Locale.ROOT);
    assertTrue(forwarded.matches("(.*;)?for=\"?127\\.0\\.0\\.1(:\\d+)?\"?(;.*)?"), forwarded);
    assertTrue(forwarded.contains("proto=http"), forwarded);
    assertTrue(forwarded.contains("host=app.test") || forwarded.contains("host=\"app.test\""));
    assertFalse(request.head().contains("6.6.6.6"), request.head());
    assertFalse(request.head().contains("evil"), request.head());
  }

  @Test
  void targetIsToldOfTheClient() {
    try (Rig rig = Rig.start()) {
      rig.get("/a");
      assertOurs(rig, rig.target().awaitRequest());
    }
  }

  @Test
  void claimsOfAStrangerAreOverwritten() {
    try (Rig rig = Rig.start()) {
      rig.get("/a", CLAIMS);
      assertOurs(rig, rig.target().awaitRequest());
    }
  }

  @Test
  void claimsOfAStrangerInOtherCasesAndTwiceAreOverwritten() {
    try (Rig rig = trusting("10.0.0.0/8", "2001:db8::/32")) {
      rig.get(
          "/a",
          "x-forwarded-for: 6.6.6.6",
          "X-FORWARDED-FOR: 6.6.6.6, 127.0.0.1",
          "x-forwarded-PROTO: evil",
          "forwarded: for=6.6.6.6",
          "FORWARDED: for=6.6.6.6");
      assertOurs(rig, rig.target().awaitRequest());
    }
  }

  @Test
  void claimsOfATrustedPeerAreAppendedTo() {
    for (String network : List.of("127.0.0.1", "127.0.0.0/8", "0.0.0.0/0")) {
      try (Rig rig = trusting(network)) {
        rig.get("/a", CLAIMS);
        Received request = rig.target().awaitRequest();
        String all = String.join(", ", request.all("X-Forwarded-For"));
        assertEquals("6.6.6.6, 127.0.0.1", all);
        assertEquals("https", request.field("X-Forwarded-Proto"));
        assertEquals("evil.test", request.field("X-Forwarded-Host"));
        assertEquals("666", request.field("X-Forwarded-Port"));
        String forwarded = String.join(", ", request.all("Forwarded"));
        assertTrue(
            forwarded.matches(
                "(?i)for=6\\.6\\.6\\.6;proto=https;host=evil\\.test, ?.*127\\.0\\.0\\.1.*"),
            forwarded);
      }
    }
  }

  @Test
  void trustedPeerWithoutClaimsIsTheClient() {
    try (Rig rig = trusting("127.0.0.1")) {
      rig.get("/a");
      assertOurs(rig, rig.target().awaitRequest());
    }
  }

  /** Row 19: a client cannot have our own fields dropped by naming them in Connection. */
  @Test
  void connectionCannotDropWhatWeAdd() {
    try (Rig rig = Rig.start()) {
      rig.get(
          "/a",
          "Connection: X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, X-Forwarded-Port,"
              + " Forwarded, Via, Host",
          "X-Forwarded-For: 6.6.6.6",
          "Forwarded: for=6.6.6.6");
      Received request = rig.target().awaitRequest();
      assertOurs(rig, request);
      assertEquals("app.test", request.field("Host"));
      assertTrue(request.field("Via").matches(Rig.VIA), request.head());
    }
  }

  @Test
  void connectionOfATrustedPeerDropsItsFieldsButNotOurs() {
    try (Rig rig = trusting("127.0.0.1")) {
      rig.get("/a", "Connection: X-Forwarded-For, close", "X-Forwarded-For: 6.6.6.6");
      assertEquals("127.0.0.1", rig.target().awaitRequest().field("X-Forwarded-For"));
    }
  }

  @Test
  void secondListenerPortIsTold() {
    try (Rig rig =
        Rig.start(Script.echoLine(), route -> route, proxy -> proxy.http("127.0.0.1", 0))) {
      int second = rig.proxy().listeners().get(1).port();
      try (RawClient client = RawClient.connect(second)) {
        client.send(Rig.request("GET", "/a")).read();
      }
      assertEquals(Integer.toString(second), rig.target().awaitRequest().field("X-Forwarded-Port"));
    }
  }
}
