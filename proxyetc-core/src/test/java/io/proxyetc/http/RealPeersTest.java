package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Route;
import io.proxyetc.testkit.Curl;
import io.proxyetc.testkit.FaultyRelay;
import io.proxyetc.testkit.FaultyRelay.Fault;
import io.proxyetc.testkit.JdkTarget;
import io.proxyetc.testkit.Nginx;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.Script;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** nginx and the JDK's server as targets; curl and the JDK's client as clients. */
@TestInstance(Lifecycle.PER_CLASS)
final class RealPeersTest {
  private Nginx nginx;
  private Rig rig;

  @BeforeAll
  void open() throws IOException {
    nginx = Nginx.start();
    Files.writeString(nginx.root().resolve("small.txt"), "small\n");
    Files.writeString(nginx.root().resolve("large.txt"), "0123456789".repeat(100_000));
    rig = Rig.start();
    rig.proxy().routes().put(Route.builder("all").to(nginx.url()).build());
  }

  @AfterAll
  void close() {
    if (rig != null) { // else nginx is missing, and all of this was skipped
      rig.close();
      nginx.close();
    }
  }

  private String url(String path) {
    return "http://localhost:" + rig.port() + path;
  }

  @Test
  void curlGetsFiles() {
    Curl.Answer answer = Curl.run(url("/small.txt"), url("/small.txt"), url("/large.txt"));
    assertEquals(0, answer.code(), answer.err());
    assertEquals("small\nsmall\n" + "0123456789".repeat(100_000), answer.out());
  }

  @Test
  void curlSeesHeadsRangesAndConditions() {
    Curl.Answer head = Curl.run("-I", url("/small.txt"));
    assertEquals(200, head.status());
    assertTrue(head.out().contains("Content-Length: 6\r\n"), head.out());
    Curl.Answer range = Curl.run("-r", "10-19", url("/large.txt"));
    assertEquals(206, range.status());
    assertEquals("0123456789", range.out());
    Curl.Answer unchanged = Curl.run("-H", "If-None-Match: *", "-i", url("/small.txt"));
    assertEquals(304, unchanged.status(), unchanged.out());
    assertEquals(404, Curl.run(url("/none")).status());
    assertEquals(418, Curl.run(url("/teapot")).status());
  }

  @Test
  void curlOfHttpOneZero() {
    Curl.Answer answer = Curl.run("--http1.0", "-i", url("/large.txt"));
    assertEquals(200, answer.status(), answer.err());
    assertTrue(answer.out().endsWith("0123456789"));
    assertEquals(0, answer.code());
  }

  @Test
  void nginxIsToldOfTheClient() {
    Curl.Answer answer =
        Curl.run("--path-as-is", "-H", "Host: app.test", url("/x/../echo-headers"));
    assertTrue(
        answer
            .out()
            .matches(
                "host=app\\.test xff=(127\\.0\\.0\\.1|::1) via=1\\.1"
                    + " proxyetc\\S* uri=/echo-headers\n"),
        answer.out());
  }

  @Test
  void jdkClientGetsFiles() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < 3; i++) {
      HttpResponse<String> got =
          client.send(
              HttpRequest.newBuilder(URI.create(url("/large.txt"))).build(),
              BodyHandlers.ofString());
      assertEquals(200, got.statusCode());
      assertEquals(HttpClient.Version.HTTP_1_1, got.version());
      assertEquals(1_000_000, got.body().length());
    }
  }

  @Test
  void jdkClientAndJdkServer() throws Exception {
    try (JdkTarget target =
            JdkTarget.start(
                exchange -> {
                  try (exchange) {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    exchange
                        .getResponseHeaders()
                        .set("X-Path", exchange.getRequestURI().toString());
                    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                    exchange.getResponseBody().write(body);
                  }
                });
        Rig other = Rig.start()) {
      other.proxy().routes().put(Route.builder("all").to(target.url()).build());
      HttpClient client = HttpClient.newHttpClient();
      for (String body : new String[] {"", "hello", "x".repeat(200_000)}) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://localhost:" + other.port() + "/a?b=%20"))
                .expectContinue(!body.isEmpty())
                .POST(BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> got = client.send(request, BodyHandlers.ofString());
        assertEquals(body, got.body());
        assertEquals("/a?b=%20", got.headers().firstValue("X-Path").orElse(""));
      }
    }
  }

  /** Every byte of both directions on its own, on both sides of the proxy. */
  @Test
  void everythingByteByByte() {
    String body = "0123456789".repeat(5);
    try (Rig echo = Rig.start(Script.echoBody());
        FaultyRelay behind =
            FaultyRelay.to(echo.target().port()).forth(Fault.trickle(0)).back(Fault.trickle(0));
        FaultyRelay before =
            FaultyRelay.to(echo.port()).forth(Fault.trickle(0)).back(Fault.trickle(0))) {
      echo.proxy().routes().put(Route.builder("all").to(behind.url()).build());
      try (RawClient client = RawClient.connect(before.port())) {
        assertEquals(body, client.send(Rig.postChunked("/a", body)).read().body());
        assertEquals(body, client.send(Rig.post("/b", body)).read().body());
      }
    }
  }

  /** nginx goes away and comes back as another process: requests follow. */
  @Test
  void targetThatIsReplaced() {
    try (Rig other = Rig.start()) {
      for (int i = 0; i < 3; i++) {
        try (Nginx young = Nginx.start()) {
          other.proxy().routes().put(Route.builder("all").to(young.url()).build());
          assertEquals(418, other.get("/teapot").status());
        }
        assertTrue(other.get("/teapot").status() >= 502);
      }
    }
  }
}
