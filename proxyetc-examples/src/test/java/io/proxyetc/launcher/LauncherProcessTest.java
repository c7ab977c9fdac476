package io.proxyetc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a process: what it prints, and how it ends. */
class LauncherProcessTest {
  @TempDir private Path dir;
  private final SampleApplication application = SampleApplication.start("blue");
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    application.close();
  }

  @Test
  void runProxiesUntilSigtermAndThenExitsWith0() throws Exception {
    try (Running proxy = run("{'http': {'hostname': '127.0.0.1', 'port': 0}, %s}")) {
      String url = proxy.line("listening on ");
      proxy.awaitPrinted("is ready after");
      assertEquals("blue\n", get(url + "/version"));
      assertTrue(proxy.err().contains("1 route in memory"), proxy.err());
      proxy.terminate();
      assertEquals(0, proxy.code());
      assertTrue(proxy.err().endsWith("stopped\n"), proxy.err());
      assertEquals("", proxy.out());
    }
  }

  @Test
  void sigtermLetsARequestInFlightFinish() throws Exception {
    try (Running proxy = run("{'http': {'hostname': '127.0.0.1', 'port': 0}, %s}")) {
      String url = proxy.line("listening on ");
      proxy.awaitPrinted("is ready after");
      CompletableFuture<HttpResponse<String>> slow =
          client.sendAsync(request(url + "/slow"), HttpResponse.BodyHandlers.ofString());
      proxy.await("the request arrives", () -> application.answered() > 0);
      proxy.terminate();
      assertEquals("blue, after 2 s\n", slow.get(20, TimeUnit.SECONDS).body());
      assertEquals(0, proxy.code());
    }
  }

  @Test
  void routesAreTheFirstContentOfAnEmptyStoreOnly() throws Exception {
    String config = "{'http': {'hostname': '127.0.0.1', 'port': 0}, 'dbPath': 'data/deep', %s}";
    try (Running proxy = run(config)) {
      String url = proxy.line("listening on ");
      proxy.awaitPrinted("is ready after");
      assertEquals("blue\n", get(url + "/version"));
      proxy.terminate();
      assertEquals(0, proxy.code());
    }
    Path store = dir.resolve("data/deep/routes.json");
    assertTrue(Files.readString(store).contains(application.url()));
    try (Running proxy = run(config.replace("%s", "'routes': []"))) {
      String url = proxy.line("listening on ");
      proxy.awaitPrinted("1 route from " + store);
      proxy.awaitPrinted("is ready after");
      assertEquals("blue\n", get(url + "/version"));
    }
  }

  @Test
  void firstRoutesThatWereReplacedDoNotStayInMemory() throws Exception {
    String config = "{'http': {'hostname': '127.0.0.1', 'port': 0}, 'dbPath': 'data', %s}";
    try (Running proxy = run(config)) {
      proxy.awaitPrinted("is ready after");
      assertEquals(1, routesInMemory(proxy));
      Files.writeString(dir.resolve("data/routes.json"), "{\"routes\": []}");
      proxy.await("the heap holds no route any more", () -> routesInMemory(proxy) == 0);
    }
  }

  @Test
  void theAccessLogGoesToStandardOutput() throws Exception {
    String config =
        "{'http': {'hostname': '127.0.0.1', 'port': 0}, 'log': {'access': {'format': 'json'}}, %s}";
    try (Running proxy = run(config)) {
      String url = proxy.line("listening on ");
      proxy.awaitPrinted("is ready after");
      assertEquals("blue\n", get(url + "/version?a=b"));
      proxy.terminate();
      assertEquals(0, proxy.code());
      assertTrue(proxy.out().contains("/version?a=b"), proxy.out());
      assertTrue(proxy.out().startsWith("{"), proxy.out());
    }
  }

  /** Its own lines could not be found among those of XNIO and the JDK. */
  @Test
  void debugIsTheProxysOwnAndLibrariesSpeakWhenAsked() throws Exception {
    String config =
        "{'http': {'hostname': '127.0.0.1', 'port': 0}, 'log': {'level': 'debug'}, 'dbPath': 'd', %s}";
    try (Running proxy = run(config)) {
      proxy.awaitPrinted("is ready after");
      assertFalse(proxy.err().contains("XNIO"), proxy.err());
      assertFalse(proxy.err().contains("Started channel thread"), proxy.err());
    }
    try (Running proxy = run(config.replace("'level'", "'libraries'"))) {
      proxy.awaitPrinted("is ready after");
      assertTrue(proxy.err().contains("XNIO version"), proxy.err());
      assertTrue(proxy.err().contains("Started channel thread"), proxy.err());
    }
  }

  @Test
  void aBadConfigurationShowsEveryFaultWithItsPlace() throws Exception {
    String config = "{'http': {'port': 99999},\n 'htps': {}}";
    for (String command : List.of("run", "check")) {
      try (Running launcher = launch(command, config)) {
        assertEquals(2, launcher.code());
        assertEquals("", launcher.out());
        List<String> lines = launcher.err().lines().toList();
        assertEquals(2, lines.size(), launcher.err());
        assertTrue(lines.get(0).startsWith("c.json:1:19: http.port: 99999 is "), lines.get(0));
        assertTrue(
            lines.get(1).startsWith("c.json:2:2: htps: unknown field; did you mean 'https'?"));
      }
    }
  }

  @Test
  void anAnswerThatIsRefusedIsToldOnceWithTargetAndLimit() throws Exception {
    HttpServer talkative = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    talkative.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("X-Long", "x".repeat(70_000));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    talkative.start();
    String target = "http://127.0.0.1:" + talkative.getAddress().getPort();
    String routes = "'routes': [{'id': 'shop', 'to': ['" + target + "']}]}";
    try (Running proxy = run("{'http': {'hostname': '127.0.0.1', 'port': 0}, " + routes)) {
      String url = proxy.line("listening on ");
      proxy.awaitPrinted("is ready after");
      for (int i = 0; i < 3; i++) {
        assertEquals(
            502, client.send(request(url), HttpResponse.BodyHandlers.ofString()).statusCode());
      }
      proxy.terminate();
      assertEquals(0, proxy.code());
      List<String> warnings = proxy.err().lines().filter(l -> l.contains(" WARN ")).toList();
      String told =
          "route shop: target default/"
              + target
              + ": its answer is refused: the header fields are too large"
              + " (limits.maxResponseHead is 65536)";
      assertEquals(1, warnings.stream().filter(l -> l.contains(told)).count(), proxy.err());
    } finally {
      talkative.stop(0);
    }
  }

  @Test
  void aPortThatIsNoneIsAFaultOfTheCommandLine() {
    try (Running demo = Running.launcher(dir, "demo", "-p", "99999")) {
      assertEquals(2, demo.code(), demo.err());
      assertTrue(
          demo.err().startsWith("--port 99999: is no port; give one between 0 and 65535\n"),
          demo.err());
    }
  }

  @Test
  void aDirectoryAsConfigurationIsNamed() {
    try (Running check = Running.launcher(dir, "check", "--config", dir.toString())) {
      assertEquals(2, check.code());
      assertEquals(
          dir + ": is a directory, but a file is expected: correct --config\n", check.err());
    }
  }

  @Test
  void checkSaysOkAndStartsNothing() throws Exception {
    String config = "{'http': {'port': 80}, 'dbPath': 'data', 'workers': 3, %s}";
    try (Running check = launch("check", config)) {
      assertEquals(0, check.code(), check.err());
      assertEquals(
          List.of(
              "warning: workers: this version runs as one process, with an IO thread for each core",
              "ok: http on localhost:80, 1 route to begin with, to be kept in "
                  + dir.resolve("data/routes.json")),
          check.out().lines().toList());
      assertFalse(Files.exists(dir.resolve("data")));
    }
  }

  @Test
  void whatOnlyShowsAmongAllRoutesHasItsPlaceToo() throws Exception {
    String http = "{'http': {'port': 80},\n 'routes': [{'id': 'a', 'to': ['http://x']},\n  ";
    String twin = "{'id': 'b', 'match': {}, 'to': ['http://y']}]}";
    try (Running check = launch("check", http + twin)) {
      assertEquals(2, check.code());
      String place = "c.json:3:24: routes[1].match: cannot be told apart from route a: ";
      assertTrue(check.err().startsWith(place), check.err());
    }
    String unknown = "{'id': 'b', 'match': {'path': '/b'}, 'to': [], 'balancer': 'dice'}]}";
    try (Running check = launch("check", http + unknown)) {
      assertEquals(2, check.code());
      String place = "c.json:3:62: routes[1].balancer: there is no balancer 'dice'";
      assertTrue(check.err().startsWith(place), check.err());
    }
  }

  @Test
  void checkFindsACertificateThatCannotBeUsed() throws Exception {
    Files.writeString(dir.resolve("a.pem"), "nothing");
    Files.writeString(dir.resolve("a.key"), "nothing");
    String config = "{'https': {'port': 443, 'certPath': 'a.pem', 'keyPath': 'a.key'}, %s}";
    try (Running check = launch("check", config)) {
      assertEquals(2, check.code());
      assertTrue(check.err().contains(dir.resolve("a.").toString()), check.err());
    }
  }

  @Test
  void checkReadsWhatAFileStoreHolds() throws Exception {
    Files.writeString(
        dir.resolve("routes.json"), "{\"routes\": [\n {\"id\": \"a\", \"too\": []}]}");
    String config = "{'http': {'port': 80}, 'store': {'type': 'file', 'path': 'routes.json'}}";
    try (Running check = launch("check", config)) {
      assertEquals(2, check.code(), check.out());
      String place = dir.resolve("routes.json") + ":2:";
      assertTrue(check.err().startsWith(place), check.err());
    }
  }

  @Test
  void aWrongCommandLineIsExplained() {
    try (Running launcher = Running.launcher(dir, "run")) {
      assertEquals(2, launcher.code());
      assertTrue(
          launcher.err().startsWith("Missing required option: '--config=FILE'"), launcher.err());
    }
    try (Running launcher = Running.launcher(dir, "run", "--config", "none.json")) {
      assertEquals(2, launcher.code());
      assertTrue(launcher.err().startsWith("none.json: there is no such file"), launcher.err());
    }
    try (Running launcher = Running.launcher(dir, "--version")) {
      assertEquals(0, launcher.code());
      assertTrue(launcher.out().startsWith("proxyetc "), launcher.out());
    }
    try (Running launcher = Running.launcher(dir)) {
      assertEquals(2, launcher.code());
      assertTrue(launcher.err().contains("Usage: proxyetc"), launcher.err());
    }
  }

  /** With single quotes for double ones, and a route to the application for {@code %s}. */
  private Running run(String config) throws IOException {
    return launch("run", config);
  }

  private Running launch(String command, String config) throws IOException {
    String routes = "'routes': [{'id': 'all', 'to': ['" + application.url() + "']}]";
    String text = config.replace("%s", routes).replace('\'', '"');
    Files.writeString(dir.resolve("c.json"), text);
    return Running.launcher(dir, command, "--config", "c.json");
  }

  /** How many are reachable: the JVM collects its garbage before it counts. */
  private long routesInMemory(Running proxy) {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    ProcessBuilder command =
        new ProcessBuilder(jcmd, Long.toString(proxy.pid()), "GC.class_histogram");
    try (Running histogram = Running.start(command)) {
      assertEquals(0, histogram.code(), histogram.err());
      return histogram
          .out()
          .lines()
          .map(line -> line.strip().split("\\s+", -1)) // rank, instances, bytes, class, module
          .filter(words -> words.length > 3 && words[3].equals("io.proxyetc.Route"))
          .mapToLong(words -> Long.parseLong(words[1]))
          .sum();
    }
  }

  private String get(String url) throws Exception {
    return client.send(request(url), HttpResponse.BodyHandlers.ofString()).body();
  }

  private static HttpRequest request(String url) {
    return HttpRequest.newBuilder(URI.create(url)).build();
  }
}
