package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.Script;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Row 30: the client goes away, and the upstream request is cancelled at once. */
final class ClientGoneTest {

  private static void leave(RawClient client, boolean rudely) {
    if (rudely) {
      client.reset();
    } else {
      client.hangUp();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whileTheTargetThinks(boolean rudely) {
    try (Rig rig = Rig.start(Script.silent())) {
      RawClient client = rig.client().send(Rig.request("GET", "/a"));
      rig.target().awaitRequest();
      leave(client, rudely);
      rig.target().connections().get(0).awaitEnded();
      Await.until("nothing is in flight", () -> rig.proxy().stats().inFlight() == 0);
      Await.until("no client is left", () -> rig.proxy().stats().openConnections() == 0);
      assertUnharmed(rig);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withinItsOwnBody(boolean rudely) {
    for (String framing : new String[] {"Content-Length: 1000", "Transfer-Encoding: chunked"}) {
      try (Rig rig = Rig.start()) {
        RawClient client = rig.client().send(Rig.request("POST", "/a", framing) + "5\r\nhello\r\n");
        Received begun = rig.target().awaitRequest();
        leave(client, rudely);
        rig.target().connections().get(0).awaitEnded();
        assertFalse(begun.complete());
        assertUnharmed(rig);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void withinTheAnswer(boolean rudely) {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    Script endless =
        exchange -> {
          if (!exchange.request().path().equals("/endless")) {
            exchange.send(Script.okay("GET /others"));
            return;
          }
          exchange.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
          String piece = "2710\r\n" + "x".repeat(10_000) + "\r\n";
          try {
            while (!Thread.currentThread().isInterrupted()) {
              exchange.send(piece);
            }
          } catch (IOException e) {
            stopped.complete(null);
            throw e;
          }
        };
    try (Rig rig = Rig.start(endless)) {
      RawClient client = rig.client().send(Rig.request("GET", "/endless"));
      client.readExactly(50_000);
      leave(client, rudely);
      Await.get("the target can send no more", stopped);
      assertUnharmed(rig);
    }
  }

  /** A client that has asked for more, and leaves: what still waits is never sent on. */
  @Test
  void withRequestsStillWaiting() {
    CompletableFuture<Void> gone = new CompletableFuture<>();
    Script waiting =
        exchange -> {
          Await.get("the client is gone", gone);
          exchange.send(Script.okay(exchange.request().path()));
        };
    try (Rig rig = Rig.start(waiting)) {
      RawClient client =
          rig.client().send(Rig.request("GET", "/a") + Rig.request("GET", "/b").repeat(100));
      rig.target().awaitRequest();
      client.reset();
      gone.complete(null);
      Await.until("no client is left", () -> rig.proxy().stats().openConnections() == 0);
      assertFalse(rig.target().lines().contains("GET /b"), rig.target().lines().toString());
      assertUnharmed(rig);
    }
  }

  @Test
  void withinItsHead() {
    try (Rig rig = Rig.start()) {
      try (RawClient client = rig.client()) {
        client.send("GET /a HTTP/1.1\r\nHost: app.test\r\nX: incomplete");
      }
      Await.until("no client is left", () -> rig.proxy().stats().openConnections() == 0);
      rig.target().assertNothingReceived();
      assertUnharmed(rig);
    }
  }

  private static void assertUnharmed(Rig rig) {
    rig.target().forget();
    rig.target().always(Script.echoLine());
    assertEquals("GET /others", rig.get("/others").body());
  }
}
