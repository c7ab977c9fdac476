package io.proxyetc.http2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import io.proxyetc.Route;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Curl;
import io.proxyetc.testkit.JdkTarget;
import io.proxyetc.testkit.Pattern;
import io.proxyetc.testkit.Peers;
import io.proxyetc.testkit.Processes;
import io.proxyetc.testkit.Script;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Real clients of HTTP/2. */
final class Http2PeersTest {
  private static final int SIZE = 20 << 20;

  private static HttpClient jdk() {
    return HttpClient.newBuilder()
        .sslContext(Http2Rig.clientContext())
        .version(HttpClient.Version.HTTP_2)
        .build();
  }

  private static HttpRequest.Builder to(Http2Rig rig, String path) {
    return HttpRequest.newBuilder(URI.create(rig.url(path)));
  }

  private static String digest(InputStream in) throws IOException {
    MessageDigest sha = Pattern.sha256();
    byte[] buffer = new byte[64 * 1024];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      sha.update(buffer, 0, n);
    }
    return Pattern.hex(sha);
  }

  /** Answers a GET with a long body, and an upload with its digest. */
  private static void upAndDown(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (exchange.getRequestMethod().equals("GET")) {
        boolean chunked = exchange.getRequestURI().getPath().equals("/chunked");
        exchange.sendResponseHeaders(200, chunked ? 0 : SIZE);
        try (OutputStream out = exchange.getResponseBody()) {
          new Pattern(SIZE).transferTo(out);
        }
      } else {
        byte[] answer =
            digest(exchange.getRequestBody()).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
      }
    }
  }

  @Test
  void largeBodiesArriveUnharmedBothWaysAtOnce() throws Exception {
    try (JdkTarget target = JdkTarget.start(Http2PeersTest::upAndDown);
        Http2Rig rig = Http2Rig.start()) {
      rig.proxy().routes().put(Route.builder("all").to(target.url()).build());
      HttpClient client = jdk();
      var down = client.sendAsync(to(rig, "/fixed").build(), BodyHandlers.ofInputStream());
      var chunked = client.sendAsync(to(rig, "/chunked").build(), BodyHandlers.ofInputStream());
      var up =
          client.sendAsync(
              to(rig, "/up").POST(BodyPublishers.ofInputStream(() -> new Pattern(SIZE))).build(),
              BodyHandlers.ofString());
      String expected = Pattern.digest(SIZE);
      HttpResponse<InputStream> fixed = Await.get("the download", down);
      assertEquals(HttpClient.Version.HTTP_2, fixed.version());
      assertEquals(SIZE, fixed.headers().firstValueAsLong("content-length").orElse(-1));
      assertEquals(expected, digest(fixed.body()));
      assertEquals(expected, digest(Await.get("the chunked download", chunked).body()));
      assertEquals(expected, Await.get("the upload", up).body());
      Await.until("nothing is buffered", () -> rig.proxy().stats().bufferedBytes() == 0);
    }
  }

  @Test
  void manyRequestsAtOnceShareAConnection() {
    try (Http2Rig rig = Http2Rig.start(Script.echoBody())) {
      HttpClient client = jdk();
      assertEquals(200, Await.get("the first", send(client, rig, "first")).statusCode());
      List<CompletableFuture<HttpResponse<String>>> all =
          IntStream.range(0, 90).mapToObj(i -> send(client, rig, "body " + i)).toList();
      for (int i = 0; i < all.size(); i++) {
        assertEquals("body " + i, Await.get("answer " + i, all.get(i)).body());
      }
      assertEquals(1, rig.proxy().stats().accepted());
    }
  }

  private static CompletableFuture<HttpResponse<String>> send(
      HttpClient client, Http2Rig rig, String body) {
    return client.sendAsync(
        to(rig, "/").POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  @Test
  void curlUploadsAndDownloads() {
    try (Http2Rig rig = Http2Rig.start(Script.echoBody())) {
      String body = "0123456789".repeat(200_000);
      Curl.Answer answer =
          Curl.runWithInput(
              body,
              "--http2",
              "--cacert",
              Http2Rig.authority().toString(),
              "--data-binary",
              "@-",
              rig.url("/"));
      assertEquals(0, answer.code(), answer.err());
      assertEquals("2", answer.httpVersion());
      assertEquals(body, answer.out());
    }
  }

  @Test
  void curlSeesACutAnswer() {
    String half = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
    try (Http2Rig rig = Http2Rig.start(Script.rawThenClose(half))) {
      Curl.Answer answer =
          Curl.run("--http2", "--cacert", Http2Rig.authority().toString(), rig.url("/"));
      assertEquals(92, answer.code(), "curl's code for a stream that was not closed cleanly");
    }
  }

  @Test
  void nghttpGetsTrailersAndManyFiles() {
    String response =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 7\r\n\r\n";
    try (Http2Rig rig = Http2Rig.start(Script.raw(response))) {
      String nghttp = Peers.require("nghttp").toString();
      Processes.Result result =
          Processes.run(
              List.of(nghttp, "-v", "-n", "--no-verify-peer", "-m", "5", rig.url("/")), "");
      assertEquals(0, result.code());
      assertTrue(result.out().contains("x-sum: 7"), result.out());
    }
  }

  @Test
  void h2loadIsServedToTheLastRequest() {
    try (Http2Rig rig = Http2Rig.start()) {
      String h2load = Peers.require("h2load").toString();
      Processes.Result result =
          Processes.run(List.of(h2load, "-n", "4000", "-c", "8", "-m", "50", rig.url("/")), "");
      assertTrue(result.out().contains("4000 succeeded, 0 failed, 0 errored"), result.out());
      Await.until("no client is left", () -> rig.proxy().stats().openConnections() == 0);
      assertEquals(0, rig.proxy().stats().bufferedBytes());
    }
  }
}
