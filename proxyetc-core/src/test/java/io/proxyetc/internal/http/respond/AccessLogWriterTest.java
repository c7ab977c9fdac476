package io.proxyetc.internal.http.respond;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.proxyetc.AccessLog;
import io.proxyetc.ProxyException;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Peers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessLogWriterTest {
  private static final long TIME = Instant.parse("2026-03-01T12:00:00.045Z").toEpochMilli();

  @TempDir Path dir;

  private static AccessEntry entry(
      @Nullable String uri, @Nullable String userAgent, @Nullable String id) {
    return new AccessEntry(
        TIME,
        "192.0.2.7",
        uri == null ? null : "GET",
        uri,
        "HTTP/1.1",
        200,
        1234,
        null,
        userAgent,
        12_345_678,
        "10.0.0.1:8080",
        "shop",
        id);
  }

  private List<String> written(AccessLog.Format format, AccessEntry... entries) throws IOException {
    Path file = dir.resolve("access.log");
    try (AccessLogWriter writer = open(format, file)) {
      for (AccessEntry entry : entries) {
        assertTrue(writer.offer(entry));
      }
    }
    return Files.readAllLines(file, StandardCharsets.US_ASCII);
  }

  private static AccessLogWriter open(AccessLog.Format format, Path file) {
    return AccessLogWriter.open(new AccessLog(format, Optional.of(file)));
  }

  private static List<String> lines(Path file) {
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void combinedLineHasTheFieldsOfWebServersAndOursBehind() throws IOException {
    String line = written(AccessLog.Format.COMBINED, entry("/a?b=c", "curl/8", "r1")).get(0);
    String expected =
        "192\\.0\\.2\\.7 - - \\[01/Mar/2026:\\d\\d:\\d\\d:00 [+-]\\d{4}\\] \"GET /a\\?b=c HTTP/1\\.1\" 200"
            + " 1234 \"-\" \"curl/8\" \"rt=0\\.012 target=10\\.0\\.0\\.1:8080 route=shop id=r1\"";
    assertTrue(Pattern.matches(expected, line), line);
  }

  @Test
  void jsonLineIsAnObjectWithoutWhatIsUnknown() throws IOException {
    String line = written(AccessLog.Format.JSON, entry("/a", null, "r1")).get(0);
    JsonObject object = JsonParser.parseString(line).getAsJsonObject();
    assertEquals("2026-03-01T12:00:00.045Z", object.get("time").getAsString());
    assertEquals("/a", object.get("uri").getAsString());
    assertEquals(200, object.get("status").getAsInt());
    assertEquals(0.012, object.get("seconds").getAsDouble());
    assertEquals("10.0.0.1:8080", object.get("target").getAsString());
    assertFalse(object.has("userAgent"));
  }

  @Test
  void aClientCannotForgeALineOrAField() throws IOException {
    String evil = "x\" 200 1\r\n10.9.9.9 - - \\ \u0000\u001b[31m\u007f\u00e9\u009b";
    List<String> combined = written(AccessLog.Format.COMBINED, entry(evil, evil, "a route=admin"));
    assertEquals(1, combined.size());
    assertEquals(8, combined.get(0).chars().filter(c -> c == '"').count(), combined.get(0));
    assertTrue(
        combined.get(0).contains("\\x0d\\x0a10.9.9.9 - - \\x5c \\x00\\x1b[31m\\x7f\\xe9\\x9b"));
    assertTrue(combined.get(0).endsWith("route=shop id=a\\x20route=admin\""), combined.get(0));
    Files.delete(dir.resolve("access.log"));
    List<String> json = written(AccessLog.Format.JSON, entry(evil, evil, evil));
    assertEquals(1, json.size());
    assertEquals(
        evil, JsonParser.parseString(json.get(0)).getAsJsonObject().get("userAgent").getAsString());
  }

  @Test
  void aRequestThatCouldNotBeReadIsADash() throws IOException {
    assertTrue(
        written(AccessLog.Format.COMBINED, entry(null, null, null))
            .get(0)
            .contains("] \"-\" 200 "));
  }

  @Test
  void longValuesAreCut() throws IOException {
    String line =
        written(AccessLog.Format.COMBINED, entry("/" + "a".repeat(16_000), null, null)).get(0);
    assertTrue(line.length() < 4_400, () -> "" + line.length());
  }

  @Test
  void linesComeSoonWithoutClosing() {
    Path file = dir.resolve("access.log");
    try (AccessLogWriter writer = open(AccessLog.Format.COMBINED, file)) {
      writer.offer(entry("/soon", null, null));
      Await.until("the line", () -> lines(file).size() == 1);
    }
  }

  @Test
  void manyThreadsLoseNothingAndMixNothing() throws Exception {
    Path file = dir.resolve("access.log");
    int each = 2_000;
    try (AccessLogWriter writer = open(AccessLog.Format.JSON, file)) {
      List<Thread> threads =
          IntStream.range(0, 4)
              .mapToObj(
                  t ->
                      new Thread(
                          () ->
                              IntStream.range(0, each)
                                  .forEach(i -> writer.offer(entry("/" + i, null, "t" + t)))))
              .toList();
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(0, writer.dropped());
    }
    List<String> lines = Files.readAllLines(file);
    assertEquals(4 * each, lines.size());
    lines.forEach(line -> assertTrue(JsonParser.parseString(line).isJsonObject(), line));
  }

  @Test
  void aRotatedFileIsLeftAlone() throws IOException {
    Path file = dir.resolve("access.log");
    Path moved = dir.resolve("access.log.1");
    try (AccessLogWriter writer = open(AccessLog.Format.COMBINED, file)) {
      writer.offer(entry("/before", null, null));
      Await.until("the first line", () -> lines(file).size() == 1);
      Files.move(file, moved);
      Await.until("a new file", () -> Files.exists(file));
      writer.offer(entry("/after", null, null));
      Await.until("a line in the new file", () -> lines(file).size() == 1);
      assertTrue(lines(file).get(0).contains("/after"));
      assertEquals(1, lines(moved).size());
    }
  }

  @Test
  void aDirectoryThatComesBackIsWrittenToAgain() throws IOException {
    Path parent = Files.createDirectory(dir.resolve("logs"));
    Path file = parent.resolve("access.log");
    try (AccessLogWriter writer = open(AccessLog.Format.COMBINED, file)) {
      Files.move(parent, dir.resolve("away"));
      writer.offer(entry("/lost", null, null));
      Files.createDirectory(parent);
      Await.until(
          "a line in the new file",
          () -> {
            writer.offer(entry("/back", null, null));
            return lines(file).stream().anyMatch(line -> line.contains("/back"));
          });
    }
  }

  @Test
  void aPipeThatNobodyReadsCostsLinesAndNothingElse() throws Exception {
    Path pipe = dir.resolve("pipe");
    Process process =
        new ProcessBuilder(Peers.require("mkfifo").toString(), pipe.toString()).start();
    assertEquals(0, process.waitFor());
    AccessLogWriter writer = open(AccessLog.Format.COMBINED, pipe);
    AccessEntry entry = entry("/" + "x".repeat(3_000), null, null);
    CountDownLatch full = new CountDownLatch(1);
    Thread io =
        new Thread(
            () -> {
              while (writer.offer(entry)) {}
              full.countDown();
            });
    io.start();
    Await.until("a full queue", () -> full.getCount() == 0);
    assertTrue(writer.dropped() > 0);
    writer.close();
    assertEquals(
        0,
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("proxyetc-access-log"))
            .filter(Thread::isAlive)
            .count());
  }

  @Test
  void aFileThatCannotBeOpenedIsNamed() {
    ProxyException refused =
        assertThrows(
            ProxyException.class,
            () -> open(AccessLog.Format.JSON, dir.resolve("missing").resolve("access.log")));
    assertTrue(String.valueOf(refused.getMessage()).contains("missing"), refused.getMessage());
  }
}
