package io.proxyetc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.proxyetc.spi.Batching;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthEvent.Kind;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.HeardLog;
import io.proxyetc.testkit.Peers;
import io.proxyetc.testkit.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookHealthNotifierTest {
  private static final String SECRET = "0123456789abcdef-secret";
  private static final Batching QUICK =
      new Batching(
          Duration.ofMillis(20),
          Duration.ofSeconds(5),
          100,
          4,
          Duration.ofMillis(5),
          Duration.ofSeconds(10));

  private record Post(String path, String type, String signature, byte[] body) {
    JsonObject json() {
      return JsonParser.parseString(new String(body, StandardCharsets.UTF_8)).getAsJsonObject();
    }
  }

  private final List<Post> posts = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop(0);
    }
  }

  /** A receiver that answers the n-th POST with a status of the test's choice. */
  private String receiver(IntUnaryOperator status) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    return "http://127.0.0.1:" + serve(status) + "/alerts/t0ken?x=1";
  }

  private int serve(IntUnaryOperator status) {
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          posts.add(
              new Post(
                  exchange.getRequestURI().toString(),
                  exchange.getRequestHeaders().getFirst("Content-Type"),
                  exchange.getRequestHeaders().getFirst("Proxyetc-Signature"),
                  body));
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(status.applyAsInt(posts.size()), -1);
          exchange.close();
        });
    server.start();
    return server.getAddress().getPort();
  }

  private static HealthEvent down(int number) {
    Instant at = Instant.parse("2030-01-01T10:00:06Z");
    return new HealthEvent(
        Kind.TARGET_DOWN, "http://10.0.0.7:" + number, "1 of 2 serves", at.minusSeconds(6), at);
  }

  @Test
  void fiftyEventsAreOnePostThatTheReceiverCanVerify(@TempDir Path dir) throws Exception {
    String url = receiver(number -> 204);
    try (WebhookHealthNotifier webhook =
        WebhookHealthNotifier.to(url).secret(SECRET).batching(QUICK).build()) {
      IntStream.rangeClosed(1, 50).forEach(i -> webhook.notify(down(i)));
      Await.until("the POST", () -> posts.size() == 1);
    }
    assertEquals(1, posts.size());
    Post post = posts.get(0);
    assertEquals("/alerts/t0ken?x=1", post.path());
    assertEquals("application/json; charset=utf-8", post.type());
    assertEquals(50, post.json().getAsJsonArray("events").size());
    assertEquals(0, post.json().get("more").getAsLong());
    assertEquals(
        "{\"kind\":\"TARGET_DOWN\",\"severity\":\"bad\",\"subject\":\"http://10.0.0.7:1\","
            + "\"detail\":\"1 of 2 serves\",\"since\":\"2030-01-01T10:00:00Z\","
            + "\"at\":\"2030-01-01T10:00:06Z\"}",
        post.json().getAsJsonArray("events").get(0).toString());
    assertTrue(post.signature().matches("t=[0-9]+,v1=[0-9a-f]{64}"), post.signature());
    long seconds = Long.parseLong(post.signature().replaceAll("t=([0-9]+),.*", "$1"));
    assertTrue(Math.abs(Instant.now().getEpochSecond() - seconds) < 60);
    assertEquals(
        hmacByOpenssl(dir, seconds, post.body()), post.signature().replaceAll(".*,v1=", ""));
  }

  /** By another implementation than the JDK's. */
  private static String hmacByOpenssl(Path dir, long seconds, byte[] body) throws Exception {
    Path signed = dir.resolve("signed");
    try (OutputStream out = Files.newOutputStream(signed)) {
      out.write((seconds + ".").getBytes(StandardCharsets.US_ASCII));
      out.write(body);
    }
    Process openssl =
        new ProcessBuilder(
                Peers.require("openssl").toString(),
                "dgst",
                "-sha256",
                "-hmac",
                SECRET,
                "-r",
                signed.toString())
            .start();
    return new String(openssl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
        .replaceAll(" .*\\s*", "");
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void aReceiverInTroubleGetsTheSamePostAgain(int status) throws IOException {
    String url = receiver(number -> number < 3 ? status : 200);
    try (WebhookHealthNotifier webhook = WebhookHealthNotifier.to(url).batching(QUICK).build()) {
      webhook.notify(down(1));
      Await.until("the third attempt", () -> posts.size() == 3);
    }
    assertEquals(3, posts.size());
    assertEquals(1, posts.stream().map(post -> post.json().get("id")).distinct().count());
    assertNull(posts.get(0).signature());
  }

  @ParameterizedTest
  @CsvSource({"302", "307", "400", "404", "410"})
  void whatIsRefusedIsNotSentAgainAndRedirectsAreNotFollowed(int status) throws IOException {
    String url = receiver(number -> status);
    try (HeardLog log = HeardLog.open();
        WebhookHealthNotifier webhook =
            WebhookHealthNotifier.to(url).secret(SECRET).batching(QUICK).build()) {
      webhook.notify(down(1));
      Await.until("the refusal", () -> webhook.undelivered() == 1);
      Await.until("its line", () -> log.lines("it answers " + status).size() == 1);
      assertEquals(1, log.lines("webhook http://127.0.0.1:").size());
      assertEquals(0, log.lines("t0ken").size());
      assertEquals(0, log.lines(SECRET).size());
    }
    assertEquals(1, posts.size());
  }

  @Test
  void aReceiverThatIsAwayAndComesBackHearsOfIt() throws IOException {
    InetSocketAddress address;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      address = new InetSocketAddress(free.getInetAddress(), free.getLocalPort());
    }
    Batching patient =
        new Batching(
            Duration.ZERO, Duration.ZERO, 10, 1_000, Duration.ofMillis(10), Duration.ofSeconds(10));
    try (HeardLog log = HeardLog.open();
        WebhookHealthNotifier webhook =
            WebhookHealthNotifier.to("http://127.0.0.1:" + address.getPort())
                .batching(patient)
                .build()) {
      webhook.notify(down(1));
      Await.until("a failure", () -> !log.lines("is tried again").isEmpty());
      server = HttpServer.create(address, 0);
      serve(number -> 200);
      Await.until("the POST", () -> posts.size() == 1);
      assertEquals(0, webhook.undelivered());
    }
  }

  @Test
  void aReceiverThatNeverEndsItsAnswerHoldsUpNobody() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    CountDownLatch end = new CountDownLatch(1);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(1);
          exchange.getResponseBody().flush();
          try {
            end.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    server.start();
    try (WebhookHealthNotifier webhook =
        WebhookHealthNotifier.to("http://127.0.0.1:" + server.getAddress().getPort())
            .timeout(Duration.ofMillis(100))
            .batching(QUICK.attempts(2))
            .build()) {
      webhook.notify(down(1));
      Await.until("two attempts", () -> webhook.undelivered() == 1);
    } finally {
      end.countDown();
    }
  }

  @Test
  void aPrivateAuthorityIsTrustedWhereItIsGiven(@TempDir Path dir) throws Exception {
    TestCertificates ca = TestCertificates.in(dir);
    HttpsServer secure =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    secure.setHttpsConfigurator(
        new HttpsConfigurator(
            ca.clientContext(ca.leaf(TestCertificates.Kind.EC_PKCS8, "127.0.0.1"))));
    server = secure;
    String url = "https://127.0.0.1:" + serve(number -> 200);
    try (WebhookHealthNotifier stranger =
        WebhookHealthNotifier.to(url).batching(QUICK.attempts(1)).build()) {
      stranger.notify(down(1));
      Await.until("the refusal", () -> stranger.undelivered() == 1);
    }
    assertEquals(0, posts.size());
    try (WebhookHealthNotifier friend =
        WebhookHealthNotifier.to(url).trust(ca.authority()).batching(QUICK).build()) {
      friend.notify(down(1));
      Await.until("the POST", () -> posts.size() == 1);
    }
    Path empty = Files.writeString(dir.resolve("empty.pem"), "");
    WebhookHealthNotifier.Builder builder = WebhookHealthNotifier.to(url);
    assertTrue(
        assertThrows(ProxyException.class, () -> builder.trust(empty))
            .getMessage()
            .startsWith(empty + ": holds no certificate"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "example.org/t0ken",
        "ftp://example.org/t0ken",
        "https:///t0ken",
        "https://a:t0ken@example.org/",
        "https://example.org/#t0ken",
        "https://example.org/t0ken\r\nX: y",
        "https://example.org:99999/t0ken"
      })
  void aUrlThatCannotBeIsRefusedAndNotRepeated(String url) {
    String message =
        assertThrows(ProxyException.class, () -> WebhookHealthNotifier.to(url)).getMessage();
    assertTrue(message.startsWith("webhook: the URL "), message);
    assertFalse(message.contains("t0ken"), message);
  }

  @Test
  void aSecretThatCanBeGuessedIsRefusedAndNotRepeated() {
    WebhookHealthNotifier.Builder builder = WebhookHealthNotifier.to("https://example.org");
    String message =
        assertThrows(ProxyException.class, () -> builder.secret("hunter2")).getMessage();
    assertFalse(message.contains("hunter2"), message);
    WebhookHealthNotifier webhook = builder.build();
    assertNotNull(webhook.toString());
    webhook.close();
  }
}
