package io.proxyetc.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.testkit.FaultyRelay.Fault;
import io.proxyetc.testkit.RawResponse.Framing;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

/** The kit itself against real peers, so that a story's verdict can be trusted. */
final class TestKitTest {
  private static final String GET = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

  @Test
  void rawClientReadsNginx() throws IOException {
    try (Nginx nginx = Nginx.start();
        RawClient client = RawClient.connect(nginx.port())) {
      Files.writeString(nginx.root().resolve("a"), "hello");
      RawResponse first = client.sendSplit(GET, 3, 9, 20).read();
      assertEquals(200, first.status());
      assertEquals("hello", first.body());
      assertTrue(first.complete());
      assertEquals(418, client.trickle("GET /teapot HTTP/1.1\r\nHost: x\r\n\r\n").read().status());
      RawResponse head = client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n").read("HEAD");
      assertEquals(Framing.NONE, head.framing());
      assertEquals("5", head.field("content-length"));
      client.expectSilence(50);
      assertEquals(400, client.send("GET / HTTP/1.1\r\n\r\n").read().status());
      assertEquals(End.FIN, client.expectClosed());
    }
  }

  @Test
  void curlReadsRecordingTarget() {
    try (RecordingTarget target = RecordingTarget.start(Script.echoBody())) {
      Curl.Answer answer =
          Curl.runWithInput("some body", "--data-binary", "@-", target.url() + "/up?x=1");
      assertEquals(200, answer.status(), answer.err());
      assertEquals("some body", answer.out());
      Received request = target.awaitRequest();
      assertEquals("POST /up?x=1", request.method() + " " + request.path());
      assertEquals("some body", request.awaitBody().text());
      target.assertReceived("POST /up?x=1");
    }
  }

  @Test
  void jdkClientSendsChunksToRecordingTarget() throws Exception {
    try (RecordingTarget target = RecordingTarget.start(Script.echoBody())) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(target.url()))
              .version(HttpClient.Version.HTTP_1_1)
              .POST(
                  HttpRequest.BodyPublishers.fromPublisher(
                      HttpRequest.BodyPublishers.ofString("streamed")))
              .build();
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertEquals("streamed", response.body());
      Received.Body body = target.awaitRequest().awaitBody();
      assertTrue(body.chunked());
      assertEquals("streamed", body.text());
    }
  }

  @Test
  void rawClientReadsJdkServer() {
    try (JdkTarget target = JdkTarget.start(JdkTarget.text("from the JDK"));
        RawClient client = RawClient.connect(target.port())) {
      assertEquals("from the JDK", client.send(GET).read().body());
      assertEquals("from the JDK", client.send(GET).read().body());
    }
  }

  @Test
  void responsesAreReadByTheirFraming() {
    try (RecordingTarget target = RecordingTarget.start();
        RawClient client = RawClient.connect(target.port())) {
      target.next(
          Script.trickled(
              "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
                  + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                  + "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nSum: 5\r\n\r\n"),
          Script.raw("HTTP/1.1 204 No Content\r\n\r\n"),
          Script.rawThenClose("HTTP/1.1 200 OK\r\n\r\nto the end"));
      RawResponse chunked = client.send(GET).read();
      assertEquals("abcde", chunked.body());
      assertEquals(List.of(new Field("Sum", "5")), chunked.trailers());
      assertEquals(103, chunked.interim().get(0).status());
      assertEquals(204, client.send(GET).read().status());
      RawResponse last = client.send(GET).read();
      assertEquals(Framing.CLOSE, last.framing());
      assertEquals("to the end", last.body());
      assertTrue(last.complete());
    }
  }

  @Test
  void cutBodiesAreSeen() {
    try (RecordingTarget target = RecordingTarget.start()) {
      String head = "HTTP/1.1 200 OK\r\n";
      List<Script> scripts =
          List.of(
              Script.rawThenClose(head + "Content-Length: 9\r\n\r\nabc"),
              Script.rawThenReset(head + "Content-Length: 9\r\n\r\n"),
              Script.rawThenClose(head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
              Script.rawThenReset(head + "\r\n"));
      for (Script script : scripts) {
        target.next(script);
        try (RawClient client = RawClient.connect(target.port())) {
          assertFalse(client.send(GET).read().complete());
        }
      }
    }
  }

  @Test
  void badResponsesFailTheClient() {
    List<String> bad =
        List.of(
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 204 No\r\nContent-Length: 0\r\n\r\n");
    for (String response : bad) {
      try (RecordingTarget target = RecordingTarget.start(Script.rawThenClose(response));
          RawClient client = RawClient.connect(target.port())) {
        client.send(GET);
        assertThrows(AssertionError.class, client::read, response);
      }
    }
  }

  @Test
  void badRequestsAreRecordedAsFaults() {
    List<String> bad =
        List.of(
            "GET /a HTTP/1.1\nHost: x\n\n",
            "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost : x\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: x\r\n fold\r\n\r\n",
            "POST /a HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    for (String request : bad) {
      try (RecordingTarget target = RecordingTarget.start();
          RawClient client = RawClient.connect(target.port())) {
        client.send(request);
        Await.until("a fault of " + request, () -> !target.faults().isEmpty());
        assertThrows(AssertionError.class, () -> target.assertReceived("GET /a"));
      }
    }
  }

  @Test
  void targetSeesHowItsConnectionEnds() {
    try (RecordingTarget target = RecordingTarget.start(Script.silent())) {
      target.assertNothingReceived();
      RawClient polite = RawClient.connect(target.port()).send(GET);
      target.awaitRequest();
      polite.close();
      assertEquals(End.FIN, target.connections().get(0).awaitEnded());
      RawClient rude = RawClient.connect(target.port()).send(GET);
      target.awaitRequest();
      rude.reset();
      assertEquals(End.RST, target.connections().get(1).awaitEnded());
      assertEquals(0, target.openConnections());
      assertThrows(AssertionError.class, target::assertNothingReceived);
    }
  }

  @Test
  void targetStopsAndListensAgain() {
    try (RecordingTarget target = RecordingTarget.start()) {
      int port = target.port();
      target.stopListening();
      assertThrows(RuntimeException.class, () -> RawClient.connect(port).close());
      target.listenAgain();
      try (RawClient client = RawClient.connect(port)) {
        assertEquals("GET /a", client.send(GET).read().body());
      }
    }
  }

  @Test
  void relayDoesHarmAtTheByte() {
    String answer = Script.okay("0123456789");
    int headLength = answer.length() - 10;
    try (RecordingTarget target = RecordingTarget.start(Script.raw(answer))) {
      assertEquals("0123", bodyThrough(target, Fault.NONE, Fault.fin(headLength + 4)));
      assertEquals(
          "0123", bodyThrough(target, Fault.NONE, Fault.reset(headLength + 4)).substring(0, 4));
      assertEquals("0123456789", bodyThrough(target, Fault.trickle(0), Fault.trickle(5)));
    }
  }

  @Test
  void relayStallsUntilReleased() {
    try (RecordingTarget target = RecordingTarget.start();
        FaultyRelay relay = FaultyRelay.to(target.port()).back(Fault.stall(10));
        RawClient client = RawClient.connect(relay.port())) {
      client.send(GET);
      assertEquals("HTTP/1.1 2", client.readExactly(10));
      client.expectSilence(50);
      relay.release();
      assertEquals("00 OK\r\n", client.readExactly(7));
      assertEquals(1, relay.accepted());
    }
  }

  private static String bodyThrough(RecordingTarget target, Fault forth, Fault back) {
    try (FaultyRelay relay = FaultyRelay.to(target.port()).forth(forth).back(back);
        RawClient client = RawClient.connect(relay.port())) {
      return client.send(GET).read().body();
    }
  }

  @Test
  void webSocketEchoSpeaksWithTheJdk() {
    try (RecordingTarget target = RecordingTarget.start(new WebSocketEcho())) {
      EchoListener listener = new EchoListener();
      var socket =
          HttpClient.newHttpClient()
              .newWebSocketBuilder()
              .buildAsync(URI.create("ws://127.0.0.1:" + target.port() + "/chat"), listener)
              .join();
      socket.sendText("hello", true).join();
      assertEquals("hello", Await.get("an echo", listener.nextText()));
      socket.sendClose(1000, "bye").join();
      assertEquals(1000, Await.get("a close", listener.closed()));
    }
  }

  @Test
  void missingPeerSkipsOrFailsByName() {
    String before = System.getProperty("proxyetc.requirePeers", "false");
    try {
      System.setProperty("proxyetc.requirePeers", "false");
      TestAbortedException skipped =
          assertThrows(TestAbortedException.class, () -> Peers.require("no-such-peer"));
      assertTrue(skipped.getMessage().contains("no-such-peer"), skipped.getMessage());
      System.setProperty("proxyetc.requirePeers", "true");
      AssertionError failed =
          assertThrows(AssertionError.class, () -> Peers.require("no-such-peer"));
      assertTrue(failed.getMessage().contains("no-such-peer"), failed.getMessage());
    } finally {
      System.setProperty("proxyetc.requirePeers", before);
    }
  }
}
