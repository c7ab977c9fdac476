package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row 16: a body that is answered without being read is never taken for the next request. */
final class UnreadBodyTest {
  private static final String SMUGGLED = "GET /x/smuggled HTTP/1.1\r\nHost: app.test\r\n\r\n";

  private static Rig rig() {
    return Rig.start(Script.echoLine(), route -> route.path("/x"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void unknownRouteWithABody(boolean chunked) {
    try (Rig rig = rig();
        RawClient client = rig.client()) {
      String post = chunked ? Rig.postChunked("/none", SMUGGLED) : Rig.post("/none", SMUGGLED);
      client.send(post);
      RawResponse refusal = client.read();
      assertEquals(404, refusal.status());
      client.trySend(Rig.request("GET", "/x/next"));
      String rest = client.readUntilIdle();
      assertTrue(rest.isEmpty() || rest.endsWith("GET /x/next"), Wire.show(rest));
      assertEquals(refusal.saysClose(), rest.isEmpty());
      assertFalse(rig.target().lines().contains("GET /x/smuggled"));
    }
  }

  @Test
  void unknownRouteWithABodyInPieces() {
    try (Rig rig = rig();
        RawClient client = rig.client()) {
      String post = Rig.post("/none", SMUGGLED);
      int body = post.indexOf("\r\n\r\n") + 4;
      client.sendSplit(post, body, body + 10, body + 20);
      assertEquals(404, client.read().status());
      client.trySend(Rig.request("GET", "/x/next"));
      String rest = client.readUntilIdle();
      assertTrue(rest.isEmpty() || rest.endsWith("GET /x/next"), Wire.show(rest));
      assertFalse(rig.target().lines().contains("GET /x/smuggled"));
    }
  }

  /** Nobody reads a gigabyte for a 404: the answer comes, and the connection closes. */
  @Test
  void unknownRouteWithAnEndlessBody() {
    try (Rig rig = rig();
        RawClient client = rig.client()) {
      client.send(Rig.request("POST", "/none", "Content-Length: 1000000000"));
      assertEquals(404, client.read().status());
      String piece = "b".repeat(100_000);
      for (int i = 0; i < 10 && client.trySend(piece); i++) {
        client.rest(1);
      }
      client.expectClosed();
    }
  }

  @Test
  void uninvitedBodyOfAnUnknownRoute() {
    try (Rig rig = rig();
        RawClient client = rig.client()) {
      client.send(
          Rig.request(
              "POST", "/none", "Expect: 100-continue", "Content-Length: " + SMUGGLED.length()));
      RawResponse refusal = client.read();
      assertEquals(404, refusal.status());
      assertEquals(List.of(), refusal.interim(), "no invitation for a body that nobody wants");
      client.trySend(SMUGGLED + Rig.request("GET", "/x/next"));
      String rest = client.readUntilIdle();
      assertTrue(rest.isEmpty() || rest.endsWith("GET /x/next"), Wire.show(rest));
      assertFalse(rig.target().lines().contains("GET /x/smuggled"));
    }
  }

  @Test
  void bodyOnAGetIsFramedAsWell() {
    try (Rig rig = rig();
        RawClient client = rig.client()) {
      client.send(
          Rig.request("GET", "/x/a", "Content-Length: " + SMUGGLED.length())
              + SMUGGLED
              + Rig.request("GET", "/x/next"));
      assertEquals("GET /x/a", client.read().body());
      assertEquals("GET /x/next", client.read().body());
      rig.target().assertReceived("GET /x/a", "GET /x/next");
      assertEquals(SMUGGLED, rig.target().awaitRequest().awaitBody().text());
    }
  }
}
