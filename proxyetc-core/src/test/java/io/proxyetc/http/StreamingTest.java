package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Route;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.JdkTarget;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.RawResponse.Framing;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.Wire;
import java.util.Arrays;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Bodies stream: what one side sends is with the other before any more is sent. */
final class StreamingTest {
  private static final String EVENTS =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

  /** Each event is sent only after the client has seen the one before: any delay would hang. */
  @Test
  void serverSentEventsArriveOneByOne() {
    LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
    Script events =
        exchange -> {
          exchange.send(EVENTS);
          for (int i = 0; i < 50; i++) {
            exchange.send(Wire.chunk("data: " + i + "\n\n"));
            assertEquals("data: " + i + "\n\n", poll(seen));
          }
          exchange.send("0\r\n\r\n");
        };
    try (Rig rig = Rig.start(events);
        RawClient client = rig.client()) {
      RawResponse head =
          client.send(Rig.request("GET", "/events", "Accept: text/event-stream")).readHead("GET");
      assertEquals(Framing.CHUNKED, head.framing());
      assertEquals("text/event-stream", head.field("Content-Type"));
      for (int i = 0; i < 50; i++) {
        String event = client.readChunk();
        assertEquals("data: " + i + "\n\n", event);
        seen.add(event);
      }
      assertEquals("", client.readChunk());
    }
  }

  /** The head of a response goes out before its first byte of body is there. */
  @Test
  void headArrivesBeforeTheBody() {
    for (String head :
        new String[] {
          EVENTS, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"
        }) {
      LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
      Script script =
          exchange -> {
            exchange.send(head);
            assertEquals("head", poll(seen));
            exchange.send(head.equals(EVENTS) ? "5\r\nhello\r\n0\r\n\r\n" : "hello");
            exchange.close();
          };
      try (Rig rig = Rig.start(script);
          RawClient client = rig.client()) {
        RawResponse begun = client.send(Rig.request("GET", "/a")).readHead("GET");
        seen.add("head");
        assertEquals("hello", client.readBody(begun).body());
      }
    }
  }

  /** The same towards the target: the head before the body, each piece before the next. */
  @Test
  void requestStreamsPieceByPiece() {
    LinkedBlockingQueue<String> arrived = new LinkedBlockingQueue<>();
    Script script =
        exchange -> {
          arrived.add("head");
          byte[] buffer = new byte[1000];
          StringBuilder raw = new StringBuilder();
          while (raw.indexOf("0\r\n\r\n") < 0) {
            int n = exchange.readRaw(buffer);
            String piece = Wire.text(Arrays.copyOf(buffer, n));
            raw.append(piece);
            if (raw.toString().endsWith("!\r\n")) {
              arrived.add("piece");
            }
          }
          exchange.bodyDone();
          exchange.send(Script.okay("done"));
        };
    try (Rig rig = Rig.start(script);
        RawClient client = rig.client()) {
      client.send(Rig.request("POST", "/a", "Transfer-Encoding: chunked"));
      assertEquals("head", poll(arrived));
      for (int i = 0; i < 20; i++) {
        client.send(Wire.chunk("piece " + i + "!"));
        assertEquals("piece", poll(arrived));
      }
      assertEquals("done", client.send("0\r\n\r\n").read().body());
    }
  }

  /** Both directions of one exchange at once, as gRPC-like protocols do. */
  @Test
  void answerFlowsWhileTheRequestStillFlows() {
    Script echoing =
        exchange -> {
          exchange.send(EVENTS);
          byte[] buffer = new byte[1000];
          StringBuilder raw = new StringBuilder();
          while (raw.indexOf("0\r\n\r\n") < 0) {
            raw.append(Wire.text(Arrays.copyOf(buffer, exchange.readRaw(buffer))));
            if (raw.toString().endsWith("!\r\n")) {
              exchange.send(Wire.chunk("heard"));
            }
          }
          exchange.bodyDone();
          exchange.send("0\r\n\r\n");
        };
    try (Rig rig = Rig.start(echoing);
        RawClient client = rig.client()) {
      client.send(Rig.request("POST", "/a", "Transfer-Encoding: chunked"));
      assertEquals(Framing.CHUNKED, client.readHead("POST").framing());
      for (int i = 0; i < 20; i++) {
        client.send(Wire.chunk("piece " + i + "!"));
        assertEquals("heard", client.readChunk());
      }
      client.send("0\r\n\r\n");
      assertEquals("", client.readChunk());
      assertEquals("\r\n", client.readExactly(2));
    }
  }

  /** An answer that is whole before the request is: the rest of the request is still taken. */
  @Test
  void answerBeforeTheRequestHasEnded() {
    Script early = exchange -> exchange.send(Script.okay("early"));
    try (Rig rig = Rig.start(early);
        RawClient client = rig.client()) {
      client.send(Rig.request("POST", "/a", "Content-Length: 10") + "12345");
      assertEquals("early", client.read().body());
      if (client.trySend("67890" + Rig.request("GET", "/next"))) {
        String rest = client.readUntilIdle();
        assertTrue(rest.isEmpty() || rest.startsWith("HTTP/1.1 200 "), Wire.show(rest));
      }
      assertEquals("early", rig.get("/others").body());
      for (Received request : rig.target().requests()) {
        assertTrue(request.path().matches("/a|/next|/others"), request.head());
      }
    }
  }

  @Test
  void jdkServerStreamsThrough() {
    try (JdkTarget target =
            JdkTarget.start(
                exchange -> {
                  try (exchange) {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, 0); // chunked
                    exchange.getResponseBody().write(body);
                  }
                });
        Rig rig = Rig.start()) {
      rig.proxy().routes().put(Route.builder("all").to(target.url()).build());
      String body = "0123456789".repeat(30_000);
      try (RawClient client = rig.client()) {
        for (int i = 0; i < 3; i++) {
          RawResponse got = client.send(Rig.postChunked("/a", body)).read();
          assertEquals(body, got.body());
          assertEquals(Framing.CHUNKED, got.framing());
        }
      }
    }
  }

  private static String poll(LinkedBlockingQueue<String> queue) {
    Await.until("the next step of the story", () -> !queue.isEmpty());
    try {
      String step = queue.poll(1, TimeUnit.SECONDS);
      return step == null ? "nothing" : step;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "interrupted";
    }
  }
}
