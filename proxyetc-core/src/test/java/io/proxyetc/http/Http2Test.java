package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Route;
import io.proxyetc.Tls;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Curl;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.Pattern;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.TestCertificates;
import io.proxyetc.testkit.TestCertificates.Kind;
import io.proxyetc.testkit.TestCertificates.Leaf;
import io.proxyetc.testkit.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 with clients, over TLS, by the JDK's HttpClient and curl; targets see HTTP/1.1. */
@TestInstance(Lifecycle.PER_CLASS)
final class Http2Test {
  private TestCertificates ca;
  private Leaf leaf;

  @BeforeAll
  void certificates(@TempDir Path dir) {
    ca = TestCertificates.in(dir);
    leaf = ca.leaf(Kind.EC_PKCS8, "localhost");
  }

  private Rig rig(Script script) {
    return Rig.start(
        script,
        route -> route.retries(0),
        proxy -> proxy.https("localhost", 0, Tls.pem(leaf.certificate(), leaf.key())));
  }

  private HttpClient client() {
    return HttpClient.newBuilder().sslContext(ca.clientContext()).version(Version.HTTP_2).build();
  }

  private static URI uri(Rig rig, String path) {
    return URI.create("https://localhost:" + rig.proxy().listeners().get(1).port() + path);
  }

  private static HttpRequest.Builder to(Rig rig, String path) {
    return HttpRequest.newBuilder(uri(rig, path)).timeout(Wire.PATIENCE);
  }

  private static HttpResponse<String> send(HttpClient client, HttpRequest request)
      throws IOException, InterruptedException {
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    assertEquals(Version.HTTP_2, response.version());
    return response;
  }

  @Test
  void requestsInARow() throws Exception {
    try (Rig rig = rig(Script.echoBody())) {
      HttpClient client = client();
      for (String body : new String[] {"", "hello", "x".repeat(300_000)}) {
        HttpRequest request =
            to(rig, "/a?b=c").header("X-Y", "z").POST(BodyPublishers.ofString(body)).build();
        HttpResponse<String> got = send(client, request);
        assertEquals(200, got.statusCode());
        assertEquals(body, got.body());
        assertEquals("text/plain", got.headers().firstValue("content-type").orElse(""));
        assertTrue(got.headers().firstValue("connection").isEmpty());
        Received received = rig.target().awaitRequest();
        assertEquals("/a?b=c", received.path());
        assertEquals("HTTP/1.1", received.version());
        assertEquals("z", received.field("X-Y"));
        assertEquals("https", received.field("X-Forwarded-Proto"));
        assertEquals(uri(rig, "").getAuthority(), received.field("Host"));
        assertFalse(received.head().contains(":method"), received.head());
      }
      assertEquals(1, rig.proxy().stats().accepted());
    }
  }

  @Test
  void bodyOfUnknownLengthBecomesChunked() throws Exception {
    try (Rig rig = rig(Script.echoBody())) {
      HttpRequest request =
          to(rig, "/a")
              .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString("streamed")))
              .build();
      assertEquals("streamed", send(client(), request).body());
      assertTrue(rig.target().awaitRequest().awaitBody().chunked());
    }
  }

  @Test
  void manyStreamsOnOneConnection() throws Exception {
    try (Rig rig = rig(Script.echoBody())) {
      HttpClient client = client();
      send(client, to(rig, "/first").build());
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        String body = ("stream " + i + ";").repeat(1 + i * 50);
        answers.add(
            client.sendAsync(
                to(rig, "/" + i).POST(BodyPublishers.ofString(body)).build(),
                BodyHandlers.ofString()));
      }
      for (int i = 0; i < 80; i++) {
        HttpResponse<String> got = Await.get("answer " + i, answers.get(i));
        assertEquals(("stream " + i + ";").repeat(1 + i * 50), got.body());
      }
      assertEquals(1, rig.proxy().stats().accepted());
      assertEquals(List.of(), rig.target().faults());
    }
  }

  @Test
  void bodilessAnswers() throws Exception {
    try (Rig rig = rig(Script.echoLine())) {
      HttpClient client = client();
      HttpRequest head = to(rig, "/a").method("HEAD", BodyPublishers.noBody()).build();
      rig.target().next(Script.raw("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"));
      assertEquals("1000", send(client, head).headers().firstValue("content-length").orElse(""));
      for (String answer : new String[] {"204 No Content", "304 Not Modified"}) {
        rig.target().next(Script.raw("HTTP/1.1 " + answer + "\r\n\r\n"));
        assertEquals("", send(client, to(rig, "/a").build()).body());
      }
      assertEquals("GET /b", send(client, to(rig, "/b").build()).body());
      assertEquals(1, rig.target().connections().size());
    }
  }

  @Test
  void connectionFieldsOfTheTargetStayThere() throws Exception {
    String answer =
        "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nConnection: X-Hop, close\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n"
            + "Set-Cookie: a=1\r\nSet-Cookie: b=2\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n";
    try (Rig rig = rig(Script.rawThenClose(answer))) {
      HttpClient client = client();
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> got = send(client, to(rig, "/a").build());
        assertEquals("hello", got.body());
        assertEquals(List.of("a=1", "b=2"), got.headers().allValues("set-cookie"));
        assertTrue(got.headers().firstValue("x-hop").isEmpty());
        assertTrue(got.headers().firstValue("keep-alive").isEmpty());
      }
      assertEquals(1, rig.proxy().stats().accepted());
    }
  }

  /** RFC 9113, section 8.2.3: crumbs of a cookie are joined for a target of HTTP/1. */
  @Test
  void cookieCrumbsAreJoined() throws Exception {
    try (Rig rig = rig(Script.echoLine())) {
      send(client(), to(rig, "/a").header("Cookie", "a=1").header("Cookie", "b=2").build());
      assertEquals("a=1; b=2", rig.target().awaitRequest().field("Cookie"));
    }
  }

  /** Matching, rules and the target see the same normal form as with HTTP/1. */
  @Test
  void pathsHaveOneNormalForm() throws Exception {
    try (Rig rig = rig(Script.echoLine());
        RecordingTarget admin = RecordingTarget.start()) {
      rig.proxy().routes().put(Route.builder("admin").path("/admin").to(admin.url()).build());
      HttpClient client = client();
      for (String path : new String[] {"/x/%2e%2e/%61dmin", "/./admin", "/x/../admin"}) {
        assertEquals("GET /admin", send(client, to(rig, path).build()).body());
      }
      for (String path : new String[] {"/a%00b", "/x/..;/admin"}) {
        assertEquals(400, send(client, to(rig, path).build()).statusCode(), path);
      }
      admin.assertReceived("GET /admin", "GET /admin", "GET /admin");
      rig.target().assertNothingReceived();
    }
  }

  @Test
  void limitsHoldForStreams() throws Exception {
    try (Rig rig =
        Rig.start(
            Script.echoLine(),
            route -> route,
            proxy ->
                proxy
                    .https("localhost", 0, Tls.pem(leaf.certificate(), leaf.key()))
                    .limits(Rig.LIMITS.withMaxBody(10_000).withHeads(1024, 4096, 20, 4096)))) {
      HttpClient client = client();
      HttpRequest declared =
          to(rig, "/a").POST(BodyPublishers.ofString("x".repeat(10_001))).build();
      assertEquals(413, send(client, declared).statusCode());
      HttpRequest streamed =
          to(rig, "/a")
              .POST(BodyPublishers.fromPublisher(BodyPublishers.ofString("x".repeat(100_000))))
              .build();
      assertEquals(413, send(client, streamed).statusCode());
      HttpRequest fits = to(rig, "/a").POST(BodyPublishers.ofString("x".repeat(10_000))).build();
      assertEquals("POST /a", send(client, fits).body());
      int status = send(client, to(rig, "/" + "a".repeat(2000)).build()).statusCode();
      assertTrue(status == 414 || status == 431, "status " + status);
      assertEquals("GET /b", send(client, to(rig, "/b").build()).body());
    }
  }

  @Test
  void errorsOfTheProxy() throws Exception {
    try (Rig rig = rig(Script.echoLine())) {
      HttpClient client = client();
      rig.target().next(Script.rawThenClose("junk\r\n\r\n"));
      assertEquals(502, send(client, to(rig, "/a").build()).statusCode());
      rig.proxy().routes().delete("all");
      HttpResponse<String> got =
          send(client, to(rig, "/a").POST(BodyPublishers.ofString("body")).build());
      assertEquals(404, got.statusCode());
      assertFalse(got.body().isBlank());
      assertEquals(1, rig.proxy().stats().accepted());
    }
  }

  /** Row 27 for HTTP/2: the stream is reset, the connection and other streams go on. */
  @Test
  void cutBodyResetsTheStreamOnly() throws Exception {
    try (Rig rig = rig(Script.echoLine())) {
      HttpClient client = client();
      for (String cut :
          new String[] {
            "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nsome",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n"
          }) {
        rig.target().next(Script.rawThenClose(cut));
        assertThrows(IOException.class, () -> send(client, to(rig, "/cut").build()));
        assertEquals("GET /b", send(client, to(rig, "/b").build()).body());
      }
      assertEquals(1, rig.proxy().stats().accepted());
    }
  }

  /** Row 30 for HTTP/2: a stream that the client gives up cancels its upstream request. */
  @Test
  void cancelledStreamCancelsUpstream() throws Exception {
    try (Rig rig = rig(Script.echoLine())) {
      HttpClient client = client();
      send(client, to(rig, "/first").build());
      rig.target().next(Script.silent());
      rig.target().forget();
      HttpResponse.BodyHandler<InputStream> streaming = BodyHandlers.ofInputStream();
      CompletableFuture<HttpResponse<InputStream>> given =
          client.sendAsync(to(rig, "/silent").build(), streaming);
      Received request = rig.target().awaitRequest();
      given.cancel(true);
      rig.target().connections().get(request.connection()).awaitEnded();
      assertEquals("GET /b", send(client, to(rig, "/b").build()).body());
      assertEquals(1, rig.proxy().stats().accepted());
    }
  }

  @Test
  void largeUploadAndDownload() throws Exception {
    long size = 16L << 20;
    Script digesting =
        exchange -> {
          if (exchange.request().method().equals("GET")) {
            exchange.send("HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n");
            byte[] buffer = new byte[64 * 1024];
            Pattern pattern = new Pattern(size);
            for (int n = pattern.read(buffer, 0, buffer.length);
                n > 0;
                n = pattern.read(buffer, 0, buffer.length)) {
              exchange.send(buffer, 0, n);
            }
            return;
          }
          MessageDigest sha = Pattern.sha256();
          sha.update(Wire.bytes(exchange.readBody().text()));
          exchange.send(Script.okay(Pattern.hex(sha)));
        };
    try (Rig rig = rig(digesting)) {
      HttpClient client = client();
      HttpRequest upload =
          to(rig, "/up").PUT(BodyPublishers.ofInputStream(() -> new Pattern(size))).build();
      assertEquals(Pattern.digest(size), send(client, upload).body());
      HttpResponse<InputStream> down =
          client.send(to(rig, "/down").build(), BodyHandlers.ofInputStream());
      MessageDigest sha = Pattern.sha256();
      try (InputStream in = down.body()) {
        byte[] buffer = new byte[64 * 1024];
        for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
          sha.update(buffer, 0, n);
        }
      }
      assertEquals(Pattern.digest(size), Pattern.hex(sha));
    }
  }

  @Test
  void curlTalksHttpTwo() {
    String body = "0123456789".repeat(300_000);
    try (Rig rig = rig(Script.echoBody())) {
      Curl.Answer answer =
          Curl.runWithInput(
              body,
              "--http2",
              "--cacert",
              ca.authority().toString(),
              "--data-binary",
              "@-",
              uri(rig, "/up").toString());
      assertEquals(200, answer.status(), answer.err());
      assertEquals("2", answer.httpVersion());
      assertEquals(body, answer.out());
    }
  }

  @Test
  void curlSeesACutBody() {
    try (Rig rig = rig(Script.rawThenClose("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"))) {
      Curl.Answer answer =
          Curl.run("--http2", "--cacert", ca.authority().toString(), uri(rig, "/a").toString());
      assertTrue(answer.code() != 0, "curl took a cut body for a whole one");
    }
  }

  /** Without HTTP/2 on offer, the same client speaks HTTP/1.1. */
  @Test
  void listenerWithoutHttpTwo() throws Exception {
    Tls tls = Tls.pem(leaf.certificate(), leaf.key()).withoutHttp2();
    try (Rig rig =
        Rig.start(Script.echoLine(), route -> route, proxy -> proxy.https("localhost", 0, tls))) {
      HttpResponse<String> got = client().send(to(rig, "/a").build(), BodyHandlers.ofString());
      assertEquals(Version.HTTP_1_1, got.version());
      assertEquals("GET /a", got.body());
    }
  }

  @Test
  void closeDrainsStreams() {
    CompletableFuture<Void> go = new CompletableFuture<>();
    Script waiting =
        exchange -> {
          Await.get("the test lets the answer go", go);
          exchange.send(Script.okay("at last"));
        };
    try (Rig rig =
        Rig.start(
            waiting,
            route -> route,
            proxy ->
                proxy
                    .https("localhost", 0, Tls.pem(leaf.certificate(), leaf.key()))
                    .limits(Rig.LIMITS.withDrain(Duration.ofSeconds(8))))) {
      // curl, as the JDK's client gives up all its streams at any GOAWAY.
      CompletableFuture<Curl.Answer> answer =
          OwnThread.get(
              () ->
                  Curl.run(
                      "--http2", "--cacert", ca.authority().toString(), uri(rig, "/a").toString()));
      rig.target().awaitRequest();
      CompletableFuture<Void> closing = OwnThread.run(rig.proxy()::close);
      go.complete(null);
      assertEquals("at last", Await.get("the answer", answer).out());
      Await.get("the end of close", closing);
    }
  }
}
