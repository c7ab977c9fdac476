package io.proxyetc.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.HealthCheck;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesTest {
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void theLeastThereIsProxies() throws Exception {
    try (NamedServer server = new NamedServer("app");
        Program program = new Program(EmbeddedProxy.class, server.url(), "0")) {
      String url = program.line().substring("Open ".length());
      assertEquals("app", get(client, url).body());
    }
  }

  @Test
  void aRouteSwitchesBetweenBlueAndGreenWhileItRuns() throws Exception {
    try (NamedServer blue = new NamedServer("it is blue");
        NamedServer green = new NamedServer("it is green");
        Program program = new Program(BlueGreen.class, blue.url(), green.url(), "0")) {
      String url = program.line().split("[ ,]")[1];
      assertEquals("it is blue", get(client, url).body());
      program.type("green");
      assertEquals("green is live", program.line());
      assertEquals("it is green", get(client, url).body());
      assertEquals(0, program.code(), "close() leaves no thread behind");
    }
  }

  @Test
  void httpsServesAndHttpRedirects(@TempDir Path dir) throws Exception {
    TestCertificate certificate = TestCertificate.make(dir);
    try (NamedServer server = new NamedServer("app");
        Program program =
            new Program(
                HttpsProxy.class,
                certificate.certificate().toString(),
                certificate.key().toString(),
                server.url(),
                "0",
                "0")) {
      String http = program.line().substring("Open ".length());
      String https = program.line().substring("Open ".length());
      HttpClient trusting = HttpClient.newBuilder().sslContext(certificate.trusting()).build();
      assertEquals("app", get(trusting, https + "/a").body());
      HttpResponse<String> redirect = get(client, http + "/a?b=c");
      assertEquals(301, redirect.statusCode());
      assertEquals(https + "/a?b=c", redirect.headers().firstValue("Location").orElse(""));
    }
  }

  @Test
  void aBalancerOfOnesOwnSendsAUserToTheSameTarget() throws Exception {
    try (NamedServer a = new NamedServer("a");
        NamedServer b = new NamedServer("b");
        NamedServer c = new NamedServer("c");
        ProxyServer proxy = byUser(a.url(), b.url(), c.url())) {
      Set<String> targets = new HashSet<>();
      for (String user : new String[] {"ann", "bob", "cid", "dan", "eve", "fay"}) {
        String first = as(user, proxy);
        targets.add(first);
        for (int i = 0; i < 5; i++) {
          assertEquals(first, as(user, proxy), user);
        }
      }
      assertTrue(targets.size() > 1, targets.toString());
    }
  }

  @Test
  void aBalancerOfOnesOwnGoesOnToTheNextTargetWhenOneIsDown() throws Exception {
    try (NamedServer up = new NamedServer("up");
        ProxyServer proxy = byUser(closedPort(), up.url(), closedPort())) {
      for (String user : new String[] {"ann", "bob", "cid", "dan", "eve", "fay"}) {
        assertEquals("up", as(user, proxy), user);
      }
    }
  }

  @Test
  void aNotifierOfOnesOwnRunsACommandWhenATargetDies(@TempDir Path dir) throws Exception {
    Path told = dir.resolve("told");
    RunOnTrouble notifier = new RunOnTrouble("sh", "-c", "echo \"$0\" >> " + told);
    HealthCheck often =
        HealthCheck.builder(HealthCheck.Kind.TCP).interval(Duration.ofMillis(100)).fall(1).build();
    try (NamedServer up = new NamedServer("up");
        NamedServer dying = new NamedServer("dying");
        ProxyServer proxy = ProxyServer.builder().http("127.0.0.1", 0).notifier(notifier).start()) {
      proxy.routes().put(Route.builder("app").to(up.url(), dying.url()).health(often).build());
      dying.close();
      long start = System.nanoTime();
      while (!Files.exists(told) || !Files.readString(told).endsWith("\n")) {
        assertTrue(System.nanoTime() - start < 30_000_000_000L, "nothing was told");
        LockSupport.parkNanos(5_000_000);
      }
      String line = Files.readString(told);
      assertTrue(line.startsWith("target down: ") && line.contains(dying.url()), line);
    }
  }

  private static ProxyServer byUser(String... targets) {
    ProxyServer proxy =
        ProxyServer.builder().http("127.0.0.1", 0).balancer("by-user", new ByUser()).start();
    proxy.routes().put(Route.builder("app").to(targets).balancer("by-user").build());
    return proxy;
  }

  private static String closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }
  }

  private String as(String user, ProxyServer proxy) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + proxy.port()))
            .header("X-User", user)
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static HttpResponse<String> get(HttpClient client, String url) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
