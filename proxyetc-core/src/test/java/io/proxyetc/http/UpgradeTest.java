package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.EchoListener;
import io.proxyetc.testkit.End;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.WebSocketEcho;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows 17 and 18: upgrades and WebSocket (RFC 9110, section 7.8; RFC 6455). */
final class UpgradeTest {
  private static final String[] WEBSOCKET = {
    "Connection: keep-alive, Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
  };
  private static final String SWITCHING =
      "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n";

  private static String upgrade(String path) {
    return Rig.request("GET", path, "Connection: Upgrade", "Upgrade: raw");
  }

  @Test
  void jdkWebSocketTalksWithATarget() {
    try (Rig rig = Rig.start(new WebSocketEcho())) {
      EchoListener listener = new EchoListener();
      WebSocket socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(URI.create("ws://127.0.0.1:" + rig.port() + "/chat?room=1"), listener)
              .join();
      for (String text : List.of("hello", "x".repeat(200), "y".repeat(100_000), "")) {
        listener.expectAnother();
        socket.sendText(text, true).join();
        assertEquals(text, Await.get("an echo of " + text.length(), listener.nextText()));
      }
      socket.sendPing(ByteBuffer.wrap(new byte[] {1})).join();
      socket.sendClose(1000, "bye").join();
      assertEquals(1000, Await.get("a close", listener.closed()));
      assertEquals("GET /chat?room=1", rig.target().lines().get(0));
      rig.target().connections().get(0).awaitEnded();
    }
  }

  @Test
  void otherNamesInConnectionDoNotTakeTheUpgradeAway() {
    try (Rig rig = Rig.start(new WebSocketEcho());
        RawClient client = rig.client()) {
      String[] fields = WEBSOCKET.clone();
      fields[0] = "Connection: Upgrade, X-Foo";
      assertEquals(101, client.send(Rig.request("GET", "/chat", fields)).readHead("GET").status());
      Received request = rig.target().awaitRequest();
      assertEquals("websocket", request.field("Upgrade"));
      assertEquals("Upgrade", request.field("Connection"));
    }
  }

  /** Requests in a tunnel would pass by all routes. */
  @ParameterizedTest
  @ValueSource(
      strings = {"h2c", "H2C", ", h2c", "foo, h2c", "foo\r\nUpgrade: h2c", "HTTP/2.0", "h2", ""})
  void anotherVersionOfHttpIsNotAskedFor(String protocol) {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      client.send(Rig.request("GET", "/a", "Connection: Upgrade", "Upgrade: " + protocol));
      assertEquals("GET /a", client.read().body());
      Received request = rig.target().awaitRequest();
      assertTrue(request.all("Upgrade").isEmpty(), request.head());
      assertTrue(request.all("Connection").isEmpty(), request.head());
      Rig.assertStillServes(client);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Upgrade: other\r\n", "Upgrade: raw, other\r\n", ""})
  void aSwitchToWhatWasNotAskedForIsNoTunnel(String field) {
    Script wrong =
        exchange -> {
          exchange.send(
              "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n" + field + "\r\n");
          exchange.awaitEnd();
        };
    try (Rig rig = Rig.start(wrong, route -> route.retries(0));
        RawClient client = rig.client()) {
      assertEquals(502, client.send(upgrade("/a")).read().status());
      rig.target().connections().get(0).awaitEnded();
    }
  }

  @Test
  void rawFramesPassBothWaysAtOnce() {
    try (Rig rig = Rig.start(new WebSocketEcho());
        RawClient client = rig.client()) {
      RawResponse switched = client.send(Rig.request("GET", "/chat", WEBSOCKET)).readHead("GET");
      assertEquals(101, switched.status());
      assertEquals("websocket", switched.field("Upgrade"));
      assertEquals("upgrade", switched.field("Connection").toLowerCase(Locale.ROOT));
      assertEquals("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", switched.field("Sec-WebSocket-Accept"));
      for (int i = 0; i < 20; i++) {
        client.send(WebSocketEcho.clientFrame(1, "frame " + i));
        String echo = "\u0081" + (char) ("frame " + i).length() + "frame " + i;
        assertEquals(echo, client.readExactly(echo.length()));
      }
      Received request = rig.target().awaitRequest();
      assertEquals("websocket", request.field("Upgrade"));
      assertTrue(request.field("Connection").equalsIgnoreCase("upgrade"), request.head());
    }
  }

  @Test
  void clientsEndOfATunnelReachesTheTarget() {
    try (Rig rig = Rig.start(new WebSocketEcho());
        RawClient client = rig.client()) {
      assertEquals(
          101, client.send(Rig.request("GET", "/chat", WEBSOCKET)).readHead("GET").status());
      client.reset();
      rig.target().connections().get(0).awaitEnded();
    }
  }

  @Test
  void targetsEndOfATunnelReachesTheClient() {
    Script brief =
        exchange -> {
          exchange.send(SWITCHING + "last words");
          exchange.close();
        };
    try (Rig rig = Rig.start(brief);
        RawClient client = rig.client()) {
      assertEquals(101, client.send(upgrade("/a")).readHead("GET").status());
      assertEquals("last words", client.readToEnd());
    }
  }

  /**
   * Half-close is kept: what the target still has to say reaches a client that has ended its side.
   */
  @Test
  void halfClosedTunnelStillAnswers() {
    Script patient =
        exchange -> {
          exchange.send(SWITCHING);
          String all = "";
          for (String next = exchange.readExactly(1);
              !next.isEmpty();
              next = exchange.readExactly(1)) {
            all += next;
          }
          exchange.send("heard " + all);
          exchange.close();
        };
    try (Rig rig = Rig.start(patient);
        RawClient client = rig.client()) {
      assertEquals(101, client.send(upgrade("/a")).readHead("GET").status());
      client.send("everything").halfClose();
      assertEquals("heard everything", client.readToEnd());
      assertEquals(End.FIN, client.ended());
    }
  }

  @Test
  void bytesBehindTheSwitchAreNotLost() {
    Script eager =
        exchange -> {
          exchange.send(SWITCHING + "greeting");
          exchange.send("echo " + exchange.readExactly(5));
          exchange.close();
        };
    try (Rig rig = Rig.start(eager);
        RawClient client = rig.client()) {
      assertEquals(101, client.send(upgrade("/a")).readHead("GET").status());
      assertEquals("greeting", client.readExactly(8));
      client.send("hello");
      assertEquals("echo hello", client.readExactly(10));
    }
  }

  /** The target declines: an ordinary answer, and the connection goes on as HTTP. */
  @Test
  void declinedUpgradeIsNoTunnel() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      assertEquals("GET /a", client.send(upgrade("/a")).read().body());
      Rig.assertStillServes(client);
      rig.target().assertReceived("GET /a", "GET /next");
    }
  }

  /** What is pipelined behind an upgrade request is a request until the 101 says otherwise. */
  @Test
  void pipelinedBytesAreNotTunnelDataBeforeTheSwitch() {
    CompletableFuture<Void> go = new CompletableFuture<>();
    Script declining =
        exchange -> {
          if (exchange.request().path().equals("/a")) {
            Await.get("the pipelined request was sent", go);
          }
          exchange.send(Script.okay(exchange.request().path()));
        };
    try (Rig rig = Rig.start(declining);
        RawClient client = rig.client()) {
      client.send(upgrade("/a") + "GET /second HTTP/1.1\r\nHost: app.test\r\nX-Bad : y\r\n\r\n");
      Received first = rig.target().awaitRequest();
      assertEquals(first.head().length(), rig.target().bytesReceived());
      go.complete(null);
      assertEquals("/a", client.read().body());
      assertEquals(400, client.read().status());
      client.expectClosed();
      rig.target().assertReceived("GET /a");
    }
  }

  @Test
  void switchNobodyAskedForIsABadAnswer() {
    try (Rig rig = Rig.start(Script.raw(SWITCHING));
        RawClient client = rig.client()) {
      assertEquals(502, client.send(Rig.request("GET", "/a")).read().status());
      rig.target().awaitRequest();
      rig.target().connections().get(0).awaitEnded();
    }
  }

  @Test
  void upgradeFieldWithoutItsConnectionOptionIsDropped() {
    try (Rig rig = Rig.start()) {
      assertEquals(200, rig.get("/a", "Upgrade: websocket").status());
      assertFalse(rig.target().awaitRequest().has("Upgrade"));
    }
  }

  /** An upgrade to HTTP/2 on cleartext would lead around every check of ours (h2c smuggling). */
  @Test
  void cleartextHttpTwoIsNeverAskedOfTheTarget() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      client.send(
          Rig.request(
              "GET",
              "/a",
              "Connection: Upgrade, HTTP2-Settings",
              "Upgrade: h2c",
              "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"));
      assertEquals("GET /a", client.read().body());
      Received request = rig.target().awaitRequest();
      assertFalse(request.has("Upgrade") || request.has("HTTP2-Settings"), request.head());
      Rig.assertStillServes(client);
    }
  }

  @Test
  void badVersionGetsTheTargetsAnswer() {
    try (Rig rig = Rig.start(new WebSocketEcho());
        RawClient client = rig.client()) {
      String[] fields = WEBSOCKET.clone();
      fields[2] = "Sec-WebSocket-Version: 7";
      RawResponse refusal = client.send(Rig.request("GET", "/chat", fields)).read();
      assertEquals(426, refusal.status());
      assertEquals("13", refusal.field("Sec-WebSocket-Version"));
      RawResponse next = client.send(Rig.request("GET", "/chat", fields)).read();
      assertEquals(426, next.status());
      rig.target().assertReceived("GET /chat", "GET /chat");
    }
  }
}
