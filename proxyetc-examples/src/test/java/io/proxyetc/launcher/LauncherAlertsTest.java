package io.proxyetc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sections {@code mail} and {@code webhook}, with a real SMTP server and a receiver of POSTs.
 */
class LauncherAlertsTest {
  private static final String PASSWORD = "correct-horse-battery";
  private static final String SECRET = "0123456789abcdef-staple";

  @TempDir private Path dir;
  private final List<String> posts = new CopyOnWriteArrayList<>();
  private final List<String> signatures = new CopyOnWriteArrayList<>();
  private GreenMail mails;
  private HttpServer receiver;

  @BeforeEach
  void start() throws IOException {
    mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mails.start();
    mails.setUser("proxy@example.org", "proxy", PASSWORD);
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    receiver.createContext(
        "/",
        exchange -> {
          posts.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          signatures.addAll(exchange.getRequestHeaders().get("Proxyetc-Signature"));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    receiver.start();
    Files.writeString(dir.resolve("smtp.password"), PASSWORD + "\n");
  }

  @AfterEach
  void stop() {
    mails.stop();
    receiver.stop(0);
  }

  private void config(String target) throws IOException {
    String text =
        """
        {"http": {"hostname": "127.0.0.1", "port": 0},
         "store": {"type": "memory"},
         "routes": [{"id": "app", "to": ["%s"],
                     "health": {"check": {"type": "tcp", "interval": 0.1, "fall": 1}}}],
         "mail": {"hostname": "127.0.0.1", "port": %d, "security": "plain",
                  "username": "proxy", "passwordPath": "smtp.password",
                  "from": "proxy@example.org", "to": ["ops@example.org"], "quiet": 0.2},
         "webhook": {"url": "http://127.0.0.1:%d/t0ken", "secret": "${SECRET}", "quiet": 0.2}}
        """
            .formatted(target, mails.getSmtp().getPort(), receiver.getAddress().getPort());
    Files.writeString(dir.resolve("c.json"), text);
  }

  private Running launcher(String... arguments) {
    return Running.launcher(List.of("env", "SECRET=" + SECRET), dir, arguments);
  }

  private static String closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + socket.getLocalPort();
    }
  }

  @Test
  void aTargetThatIsDownIsToldInTheLogByMailAndToTheWebhook() throws Exception {
    String target = closedPort();
    config(target);
    try (Running proxy = launcher("run", "--config", "c.json")) {
      String line = proxy.line("WARN  target down: ");
      assertTrue(line.contains(target), line);
      proxy.await(
          "the mail and the POST",
          () -> mails.getReceivedMessages().length > 0 && !posts.isEmpty());
      String subject = mails.getReceivedMessages()[0].getSubject();
      assertEquals("[proxyetc] 2 events: 1 target down, 1 group empty", subject);
      assertTrue(posts.get(0).contains("\"kind\":\"TARGET_DOWN\",\"severity\":\"bad\""));
      assertTrue(posts.get(0).contains("\"kind\":\"GROUP_EMPTY\""));
      assertTrue(signatures.get(0).matches("t=[0-9]+,v1=[0-9a-f]{64}"), signatures.get(0));
      proxy.terminate();
      assertEquals(0, proxy.code());
      for (String secret : List.of(PASSWORD, SECRET, "t0ken")) {
        assertFalse(proxy.err().contains(secret), proxy.err());
      }
    }
  }

  @Test
  void checkSendsATestAndSaysWhetherItArrived() throws Exception {
    config(closedPort());
    try (Running check = launcher("check", "--config", "c.json", "--send-test")) {
      assertEquals(0, check.code(), check.err());
      assertTrue(check.out().contains("sent: mail to ops@example.org\nsent: webhook http://127."));
      assertEquals("[proxyetc] test: proxyetc check", mails.getReceivedMessages()[0].getSubject());
      assertTrue(posts.get(0).contains("\"kind\":\"TEST\""), posts.toString());
    }
    Files.writeString(dir.resolve("smtp.password"), "wrong-horse");
    try (Running check = launcher("check", "--config", "c.json", "--send-test")) {
      assertEquals(1, check.code());
      assertTrue(
          check.err().contains("not sent: mail to ops@example.org by 127.0.0.1:"), check.err());
      assertTrue(check.err().contains("the server does not accept the login"), check.err());
      assertTrue(check.out().contains("sent: webhook"), check.out());
      assertFalse(check.err().contains("wrong-horse"), check.err());
    }
    try (Running check = launcher("check", "--config", "c.json")) {
      assertEquals(0, check.code());
      assertEquals(2, posts.size(), "without --send-test it sends nothing");
    }
  }

  @Test
  void whereNeitherIsConfiguredNothingOfThemIsLoaded() throws Exception {
    Files.writeString(
        dir.resolve("c.json"),
        """
        {"http": {"hostname": "127.0.0.1", "port": 0}, "store": {"type": "memory"}}
        """);
    String classes = "JAVA_TOOL_OPTIONS=-Xlog:class+load:file=" + dir.resolve("classes");
    try (Running proxy =
        Running.launcher(List.of("env", classes), dir, "run", "--config", "c.json")) {
      proxy.awaitPrinted("is ready after");
      proxy.terminate();
      assertEquals(0, proxy.code());
    }
    try (Stream<String> lines = Files.lines(dir.resolve("classes"))) {
      List<String> loaded =
          lines
              .filter(
                  line ->
                      line.matches(
                          ".*\\b(jakarta\\.|org\\.simplejavamail|java\\.net\\.http|io\\.proxyetc\\.mail|"
                              + "io\\.proxyetc\\.Webhook|io\\.proxyetc\\.spi\\.Batch).*"))
              .toList();
      assertEquals(List.of(), loaded);
    }
    assertTrue(Files.size(dir.resolve("classes")) > 0);
  }
}
