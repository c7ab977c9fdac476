package io.proxyetc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo, followed as it prints. */
class DemoTest {
  @TempDir private Path dir;

  @BeforeEach
  void programs() {
    Programs.require("bash", "curl", "sed");
  }

  @Test
  void everyLineThatItPrintsWorksAndItEndsWithout() throws Exception {
    try (Running demo = Running.launcher(dir, "demo", "--port", "0")) {
      demo.awaitPrinted("Ctrl-C ends all of it.");
      Path routes = Path.of(demo.line("Its routes").strip());
      assertTrue(Files.exists(routes));
      List<String> lines =
          demo.out()
              .lines()
              .map(String::strip)
              .filter(l -> l.matches("(curl|sed|for|kill) .*"))
              .toList();
      assertEquals(9, lines.size(), demo.out());

      assertEquals("blue\n", shell(lines.get(0)));
      assertTrue(shell(lines.get(1)).contains("X-forwarded-for: "), lines.get(1));

      assertEquals("blue\n".repeat(10), shell(lines.get(2)), "one of two is killed");
      demo.awaitPrinted("ALERT  target down: ");
      assertTrue(demo.out().contains("demo/blue: 1 of 2 targets work"), demo.out());
      assertEquals(1, demo.out().split("ALERT  ", -1).length - 1, "one alert: " + demo.out());

      assertEquals("", shell(lines.get(3)));
      demo.await("green is live", () -> shell(lines.get(4)).equals("green\n"));

      assertEquals("", shell(lines.get(5)));
      demo.await(
          "nine in ten requests go to blue",
          () -> shell(lines.get(6)).replace("\n", " ").matches("(blue )*green (blue )*"));

      assertEquals("hello", shell(lines.get(7)));
      String version = "event 10 of ";
      assertTrue(shell(lines.get(8)).contains("data: " + version), "all events arrive");
      demo.terminate();
      assertEquals(0, demo.code(), demo.err());
      assertFalse(Files.exists(routes.getParent()), "its directory is deleted");
    }
  }

  @Test
  void noRequestFailsWhileTheRouteSwitches() throws Exception {
    try (Running demo = Running.launcher(dir, "demo", "--port", "0")) {
      String url = demo.line("Open").strip();
      demo.awaitPrinted("Ctrl-C ends all of it.");
      String switches =
          demo.out().lines().filter(l -> l.contains("sed -i")).findFirst().orElseThrow();
      HttpClient client = HttpClient.newHttpClient();
      HttpRequest request = HttpRequest.newBuilder(URI.create(url + "version")).build();
      Set<String> answers = ConcurrentHashMap.newKeySet();
      CompletableFuture<Void> asking =
          CompletableFuture.runAsync(
              () -> {
                while (!answers.contains("200 green")) {
                  answers.add(
                      client
                          .sendAsync(request, HttpResponse.BodyHandlers.ofString())
                          .thenApply(answer -> answer.statusCode() + " " + answer.body().strip())
                          .join());
                }
              },
              task -> new Thread(task, "asks").start());
      demo.await("blue answers", () -> answers.contains("200 blue"));
      shell(switches);
      demo.await("green answers", asking::isDone);
      asking.join();
      assertEquals(Set.of("200 blue", "200 green"), answers);
    }
  }

  @Test
  void thePageNeedsNoNetworkAndShowsWhatTheApplicationGot() throws Exception {
    try (Running demo = Running.launcher(dir, "demo", "--port", "0")) {
      String url = demo.line("Open").strip();
      demo.awaitPrinted("Ctrl-C ends all of it.");
      String page = shell("curl -s -H 'X-Try: <b>' " + url);
      assertTrue(page.contains("This is <span id=\"version\">blue</span>"), page);
      assertTrue(page.contains("<tr><th>X-try</th><td>&lt;b&gt;</td></tr>"), page);
      assertFalse(page.contains("{{"), page);
      assertFalse(page.matches("(?s).*(src|href)=.*"), "it loads nothing else");
    }
  }

  private String shell(String line) {
    String quiet = line.replace("curl ", "curl -sS --noproxy '*' ");
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", quiet).directory(dir.toFile());
    try (Running shell = Running.start(builder)) {
      assertEquals(0, shell.code(), line + "\n" + shell.err());
      return shell.out();
    }
  }
}
