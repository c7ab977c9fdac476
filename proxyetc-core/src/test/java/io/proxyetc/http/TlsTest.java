package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.proxyetc.Limits;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.TargetGroup;
import io.proxyetc.TargetTls;
import io.proxyetc.Timeouts;
import io.proxyetc.Tls;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Curl;
import io.proxyetc.testkit.EchoListener;
import io.proxyetc.testkit.JdkTarget;
import io.proxyetc.testkit.Nginx;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.TestCertificates;
import io.proxyetc.testkit.TestCertificates.Kind;
import io.proxyetc.testkit.TestCertificates.Leaf;
import io.proxyetc.testkit.WebSocketEcho;
import io.proxyetc.testkit.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/1 over TLS with clients, and TLS with targets: the same stories, encrypted. */
@TestInstance(Lifecycle.PER_CLASS)
final class TlsTest {
  private TestCertificates ca;
  private Leaf leaf;

  @BeforeAll
  void certificates(@TempDir Path dir) {
    ca = TestCertificates.in(dir);
    leaf = ca.leaf(Kind.EC_PKCS8, "localhost", "app.test", "127.0.0.1");
  }

  /** A rig whose second listener is the secure one. */
  private Rig rig(Script script) {
    return rig(script, Rig.LIMITS);
  }

  private Rig rig(Script script, Limits limits) {
    return Rig.start(
        script,
        route -> route.retries(0),
        proxy ->
            proxy.limits(limits).https("localhost", 0, Tls.pem(leaf.certificate(), leaf.key())));
  }

  private static int securePort(Rig rig) {
    return rig.proxy().listeners().get(1).port();
  }

  private RawClient client(Rig rig) {
    return RawClient.tls(securePort(rig), ca.clientContext(), "app.test", "http/1.1");
  }

  @Test
  void requestsInARowAndInPieces() {
    try (Rig rig = rig(Script.echoBody());
        RawClient client = client(rig)) {
      for (String body : new String[] {"", "hello", "x".repeat(100_000)}) {
        assertEquals(body, client.send(Rig.post("/a", body)).read().body());
        assertEquals(body, client.send(Rig.postChunked("/b", body)).read().body());
      }
      assertEquals("hello", client.trickle(Rig.postChunked("/c", "hello")).read().body());
      client.send(Rig.post("/d", "one") + Rig.post("/e", "two"));
      assertEquals("one", client.read().body());
      assertEquals("two", client.read().body());
      assertEquals(1, rig.target().connections().size());
    }
  }

  @Test
  void whoNeverBeginsItsHandshakeCountsAsAConnectionToo() {
    int limit = 8;
    try (Rig rig = rig(Script.echoLine(), Rig.LIMITS.withMaxConnections(limit))) {
      List<RawClient> silent = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        silent.add(RawClient.connect(securePort(rig)));
      }
      for (int left = 0; left < 20; left++) {
        int accepted = limit + left;
        Await.until(
            accepted + " are accepted, and no more",
            () -> rig.proxy().stats().accepted() == accepted);
        silent.get(left).hangUp();
      }
      silent.subList(20, 50).forEach(RawClient::hangUp);
      try (RawClient client = client(rig)) {
        assertEquals("GET /a", client.send(Rig.request("GET", "/a")).read().body());
      }
    }
  }

  /** They counted for their own socket only. */
  @Test
  void handshakesThatAreNotOverTakeFromTheLimitOfAllListeners() {
    int limit = 8;
    try (Rig rig = rig(Script.echoLine(), Rig.LIMITS.withMaxConnections(limit))) {
      List<RawClient> silent = new ArrayList<>();
      for (int i = 0; i < limit; i++) {
        silent.add(RawClient.connect(securePort(rig)));
      }
      Await.until("a plain client waits to be accepted", () -> !serves(rig));
      silent.forEach(RawClient::hangUp);
      Await.until("a plain client is served", () -> serves(rig));
      for (int i = 0; i < 3 * limit; i++) { // and what they held is given back once
        try (RawClient client = client(rig)) {
          assertEquals("GET /a", client.send(Rig.request("GET", "/a")).read().body());
        }
      }
      Await.until("nobody is left", () -> rig.proxy().stats().openConnections() == 0);
      assertTrue(serves(rig));
    }
  }

  private static boolean serves(Rig rig) {
    try (RawClient probe = RawClient.connect(rig.port())) {
      return !probe.send(Rig.request("GET", "/probe")).readUntilIdle().isEmpty();
    }
  }

  @Test
  void closeOfTheProxyDoesNotWaitForHandshakes() {
    Limits patient = Limits.DEFAULT.withDrain(Duration.ofMinutes(1));
    try (Rig rig = rig(Script.echoLine(), patient);
        RawClient silent = RawClient.connect(securePort(rig))) {
      Await.until("it is accepted", () -> rig.proxy().stats().accepted() == 1);
      Await.get("the end of close", OwnThread.run(rig.proxy()::close));
      silent.expectClosed();
    }
  }

  @Test
  void targetIsToldThatTheClientCameSecurely() {
    try (Rig rig = rig(Script.echoLine());
        RawClient client = client(rig)) {
      client.send(Rig.request("GET", "/a")).read();
      Received request = rig.target().awaitRequest();
      assertEquals("https", request.field("X-Forwarded-Proto"));
      assertEquals(Integer.toString(securePort(rig)), request.field("X-Forwarded-Port"));
      assertTrue(request.field("Forwarded").contains("proto=https"), request.head());
    }
  }

  @Test
  void faultsAreRefusedAsOnPlainConnections() {
    try (Rig rig = rig(Script.echoLine())) {
      for (String fault :
          new String[] {
            "Content-Length: 5\r\nTransfer-Encoding: chunked", "X : y", "Content-Length: +5"
          }) {
        try (RawClient client = client(rig)) {
          client.send(Rig.request("POST", "/a", fault) + "0\r\n\r\n" + Rig.request("GET", "/b"));
          assertEquals(400, client.read().status());
          client.expectClosed();
        }
      }
      rig.target().assertNothingReceived();
    }
  }

  @Test
  void cutBodyIsSeen() {
    String length = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome";
    String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n";
    for (String cut : new String[] {length, chunked}) {
      for (String version : new String[] {"HTTP/1.1", "HTTP/1.0"}) {
        try (Rig rig = rig(Script.rawThenClose(cut));
            RawClient client = client(rig)) {
          RawResponse got = client.send("GET /a " + version + "\r\nHost: app.test\r\n\r\n").read();
          assertFalse(got.status() == 200 && got.complete(), got.head());
        }
      }
    }
  }

  @Test
  void clientThatLeavesCancels() {
    try (Rig rig = rig(Script.silent())) {
      RawClient client = client(rig).send(Rig.request("GET", "/a"));
      rig.target().awaitRequest();
      client.hangUp();
      rig.target().connections().get(0).awaitEnded();
      Await.until("no client is left", () -> rig.proxy().stats().openConnections() == 0);
    }
  }

  @Test
  void plainTextOnTheSecurePortHarmsNobody() {
    try (Rig rig = rig(Script.echoLine())) {
      try (RawClient plain = RawClient.connect(securePort(rig))) {
        plain.send(Rig.request("GET", "/a"));
        String all = plain.readToEnd();
        assertFalse(all.contains("200 OK"), Wire.show(all));
      }
      rig.target().assertNothingReceived();
      try (RawClient client = client(rig)) {
        assertEquals("GET /b", client.send(Rig.request("GET", "/b")).read().body());
      }
    }
  }

  @Test
  void handshakeThatStopsIsClosed() {
    try (Rig rig =
            Rig.start(
                Script.echoLine(),
                route -> route,
                proxy ->
                    proxy
                        .https("localhost", 0, Tls.pem(leaf.certificate(), leaf.key()))
                        .limits(
                            Rig.LIMITS.withRequestTimeouts(
                                Duration.ofMillis(300), Duration.ofSeconds(5))));
        RawClient silent = RawClient.connect(securePort(rig));
        RawClient half = RawClient.connect(securePort(rig))) {
      half.send("\u0016\u0003\u0001\u0002\u0000\u0001");
      silent.readToEnd();
      half.readToEnd();
      Await.until("no client is left", () -> rig.proxy().stats().openConnections() == 0);
    }
  }

  @Test
  void redirectLeadsToTheSecurePort() {
    try (Rig rig = rig(Script.echoLine())) {
      rig.proxy()
          .routes()
          .put(Route.builder("all").to(rig.target().url()).redirectToHttps().build());
      RawResponse got = rig.get("/a?b=c");
      assertEquals(301, got.status());
      assertEquals("https://app.test:" + securePort(rig) + "/a?b=c", got.field("Location"));
      try (RawClient client = client(rig)) {
        assertEquals("GET /a?b=c", client.send(Rig.request("GET", "/a?b=c")).read().body());
      }
    }
  }

  @Test
  void curlTalksHttpOneOverTls() {
    String body = "0123456789".repeat(300_000);
    try (Rig rig = rig(Script.echoBody())) {
      String url = "https://app.test:" + securePort(rig) + "/up";
      Curl.Answer answer =
          Curl.runWithInput(
              body,
              "--http1.1",
              "--cacert",
              ca.authority().toString(),
              "--resolve",
              "app.test:" + securePort(rig) + ":127.0.0.1",
              "--data-binary",
              "@-",
              url);
      assertEquals(200, answer.status(), answer.err());
      assertEquals("1.1", answer.httpVersion());
      assertEquals(body, answer.out());
    }
  }

  @Test
  void webSocketOverTls() {
    try (Rig rig = rig(new WebSocketEcho())) {
      EchoListener listener = new EchoListener();
      WebSocket socket =
          HttpClient.newBuilder()
              .sslContext(ca.clientContext())
              .build()
              .newWebSocketBuilder()
              .buildAsync(URI.create("wss://localhost:" + securePort(rig) + "/chat"), listener)
              .join();
      for (String text : new String[] {"hello", "y".repeat(100_000)}) {
        listener.expectAnother();
        socket.sendText(text, true).join();
        assertEquals(text, Await.get("an echo", listener.nextText()));
      }
      socket.sendClose(1000, "bye").join();
      assertEquals(1000, Await.get("a close", listener.closed()));
    }
  }

  @Test
  void targetIsSpokenToOverTlsAndVerified() throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 64);
    server.setHttpsConfigurator(new HttpsConfigurator(ca.clientContext(leaf)));
    server.createContext("/", JdkTarget.text("over TLS"));
    server.start();
    try (Rig rig = Rig.start()) {
      int port = server.getAddress().getPort();
      assertEquals(200, through(rig, "localhost", port, TargetTls.trusting(ca.authority())));
      assertEquals(200, through(rig, "127.0.0.1", port, TargetTls.trusting(ca.authority())));
      assertEquals(200, through(rig, "localhost", port, TargetTls.unverified()), "unverified");
      assertEquals(502, through(rig, "localhost", port, TargetTls.DEFAULT), "not trusted");
      assertEquals(
          502,
          through(
              rig,
              "localhost",
              port,
              new TargetTls(Optional.of(ca.authority()), true, Optional.of("other.test"))),
          "another name");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void trustFileOfTargetsChangesWhileTheRouteStays(@TempDir Path dir) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 64);
    server.setHttpsConfigurator(new HttpsConfigurator(ca.clientContext(leaf)));
    server.createContext("/", JdkTarget.text("over TLS"));
    server.start();
    try (Rig rig = Rig.start()) {
      TestCertificates others = TestCertificates.in(Files.createDirectory(dir.resolve("others")));
      Path trust = Files.copy(others.authority(), dir.resolve("trust.pem"));
      int port = server.getAddress().getPort();
      assertEquals(502, through(rig, "localhost", port, TargetTls.trusting(trust)));
      Files.copy(ca.authority(), trust, StandardCopyOption.REPLACE_EXISTING);
      Await.until("the target is trusted", () -> rig.get("/a").status() == 200);
    } finally {
      server.stop(0);
    }
  }

  private static int through(Rig rig, String host, int port, TargetTls tls) {
    TargetGroup group = TargetGroup.of("default", "https://" + host + ":" + port).withTls(tls);
    rig.proxy().routes().put(Route.builder("all").group(group).retries(0).build());
    RawResponse got = rig.get("/a");
    assertTrue(got.status() != 200 || got.body().equals("over TLS"));
    return got.status();
  }

  @Test
  void plainTargetBehindAnHttpsUrlIsABadGateway() {
    try (Nginx nginx = Nginx.start();
        Rig rig = Rig.start()) {
      TargetTls trusting = TargetTls.trusting(ca.authority());
      assertEquals(502, through(rig, "localhost", nginx.port(), trusting));
    }
  }

  /** A target that does not answer the handshake costs no more than the connect time-out. */
  @Test
  void handshakeThatTheTargetNeverAnswersIsAGatewayTimeout() {
    Timeouts brief =
        new Timeouts(
            Duration.ofMillis(300), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ZERO);
    try (Rig rig = Rig.start()) {
      TargetGroup group =
          TargetGroup.of("default", "https://localhost:" + rig.target().port())
              .withTls(TargetTls.trusting(ca.authority()));
      rig.proxy()
          .routes()
          .put(Route.builder("all").group(group).timeouts(brief).retries(0).build());
      assertEquals(504, rig.get("/a").status());
      rig.target().connections().get(0).awaitEnded();
    }
  }

  /** The proxy behind another proxy, over TLS between them. */
  @Test
  void twoProxiesOverTls() {
    try (Rig rig = rig(Script.echoBody());
        ProxyServer front =
            ProxyServer.builder().http("localhost", 0).limits(Rig.LIMITS).ioThreads(1).start()) {
      TargetGroup inner =
          TargetGroup.of("default", "https://localhost:" + securePort(rig))
              .withTls(TargetTls.trusting(ca.authority()));
      front.routes().put(Route.builder("on").group(inner).build());
      try (RawClient client = RawClient.connect(front.port())) {
        for (String body : new String[] {"hello", "z".repeat(500_000)}) {
          assertEquals(body, client.send(Rig.postChunked("/a", body)).read().body());
        }
      }
    }
  }
}
