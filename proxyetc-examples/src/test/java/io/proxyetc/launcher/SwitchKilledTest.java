package io.proxyetc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher is killed during a switch, and started again. */
class SwitchKilledTest {
  private static final Pattern STEP = Pattern.compile("\"step\": *([0-9]+)");
  private static final int OVER = 1000;

  @TempDir private Path dir;
  private final SampleApplication blue = SampleApplication.start("blue");
  private final SampleApplication green = SampleApplication.start("green");
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void configure() throws IOException {
    Files.writeString(
        dir.resolve("proxyetc.json"),
        "{\"http\": {\"hostname\": \"127.0.0.1\", \"port\": 0}, \"dbPath\": \"data\"}");
    Files.createDirectory(dir.resolve("data"));
  }

  @AfterEach
  void close() {
    blue.close();
    green.close();
  }

  private Path file() {
    return dir.resolve("data/routes.json");
  }

  /** Writes a switch into the store by hand. */
  private void begin(String steps) throws IOException {
    Files.writeString(
        file(),
        """
        {"routes": [{
          "id": "app",
          "groups": {"blue": {"targets": ["%s"]}, "green": {"targets": ["%s"]}},
          "active": "blue",
          "switch": {"id": "s1", "to": "green", "from": "blue", "steps": [%s], "watch": 0.1}
        }]}
        """
            .formatted(blue.url(), green.url(), steps));
  }

  private Running run() {
    return Running.launcher(dir, "run", "--config", dir.resolve("proxyetc.json").toString());
  }

  /** In which step the file says that the switch is; {@link #OVER}: it has none. */
  private int step() {
    try {
      String json = Files.readString(file());
      if (!json.contains("\"switch\"")) {
        return OVER;
      }
      if (json.contains("\"phase\": \"watch\"") || json.contains("\"phase\":\"watch\"")) {
        return OVER - 1;
      }
      Matcher step = STEP.matcher(json);
      return step.find() ? Integer.parseInt(step.group(1)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Integer> answers(String url, int requests) throws Exception {
    Map<String, Integer> answers = new TreeMap<>();
    for (int i = 0; i < requests; i++) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/version")).build();
      answers.merge(
          client.send(request, HttpResponse.BodyHandlers.ofString()).body().strip(),
          1,
          Integer::sum);
    }
    return answers;
  }

  @Test
  void killedWithinAStepItGoesOnThere() throws Exception {
    begin("{\"percent\": 5, \"time\": 0.1}, {\"percent\": 50, \"time\": 3600}");
    try (Running proxy = run()) {
      proxy.await("the second step", () -> step() == 1);
      proxy.kill();
    }
    try (Running proxy = run()) {
      String url = proxy.line("listening on ");
      proxy.awaitPrinted("switch s1 to green goes on after a restart, in step 2 of 2 (50 %)");
      proxy.awaitPrinted("is ready after");
      assertEquals(Map.of("blue", 10, "green", 10), answers(url, 20));
      Files.writeString(file(), Files.readString(file()).replace("3600", "0.1"));
      proxy.await("the switch is over", () -> step() == OVER);
      proxy.awaitPrinted("all of the traffic goes to green");
      assertEquals(Map.of("green", 20), answers(url, 20));
    }
  }

  @Test
  void killedAtAnyMomentItNeverGoesBackwardsAndComesToItsEnd() throws Exception {
    begin(
        IntStream.rangeClosed(1, 40)
            .mapToObj(i -> "{\"percent\": " + 2 * i + ", \"time\": 0.1}")
            .collect(Collectors.joining(", ")));
    Random random = new Random(7);
    int step = 0;
    for (int round = 0; round < 5; round++) {
      try (Running proxy = run()) {
        int until = Math.min(OVER, step + 1 + random.nextInt(6));
        proxy.await("some steps", () -> step() >= until);
        LockSupport.parkNanos(random.nextInt(150_000_000)); // also while it writes
        proxy.kill();
      }
      int now = step();
      assertTrue(now >= step, "step " + now + " after step " + step);
      step = now;
    }
    try (Running proxy = run()) {
      String url = proxy.line("listening on ");
      proxy.awaitPrinted("is ready after");
      proxy.await("the switch is over", () -> step() == OVER);
      assertEquals(Map.of("green", 20), answers(url, 20));
    }
  }
}
