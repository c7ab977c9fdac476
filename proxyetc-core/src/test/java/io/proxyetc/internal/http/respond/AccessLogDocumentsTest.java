package io.proxyetc.internal.http.respond;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.proxyetc.AccessLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/operations.md says of a line of the access log is what is written. */
class AccessLogDocumentsTest {
  private final String section = section();
  private final String json = find("^\\{.*\\}$").get(0).group();
  private final String combined = find("^.* - - \\[.*$").get(0).group();

  private static String section() {
    try {
      String page = Files.readString(Path.of("..", "docs", "operations.md"));
      String from = page.substring(page.indexOf("### Fields of the access log"));
      return from.substring(0, from.indexOf("\n## "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<MatchResult> find(String pattern) {
    return Pattern.compile(pattern, Pattern.MULTILINE).matcher(section).results().toList();
  }

  /** The words of a column of the table, from top to bottom. */
  private List<String> column(int column) {
    return find("^\\| `([^`]+)` \\| ([^|]+) \\|").stream().map(row -> row.group(column)).toList();
  }

  /** The request of the example. */
  private AccessEntry entry() {
    JsonObject of = JsonParser.parseString(json).getAsJsonObject();
    return new AccessEntry(
        Instant.parse(of.get("time").getAsString()).toEpochMilli(),
        of.get("client").getAsString(),
        of.get("method").getAsString(),
        of.get("uri").getAsString(),
        of.get("protocol").getAsString(),
        of.get("status").getAsInt(),
        of.get("bytes").getAsLong(),
        of.get("referer").getAsString(),
        of.get("userAgent").getAsString(),
        (long) (of.get("seconds").getAsDouble() * 1e9),
        of.get("target").getAsString(),
        of.get("route").getAsString(),
        of.get("id").getAsString());
  }

  private String written(AccessLog.Format format) {
    LineBuffer to = new LineBuffer(4096);
    AccessLine.of(format, ZoneOffset.UTC).append(entry(), to);
    return StandardCharsets.US_ASCII.decode(to.view()).toString();
  }

  @Test
  void theExamplesAreWhatIsWritten() {
    assertEquals(json + "\n", written(AccessLog.Format.JSON));
    assertEquals(combined + "\n", written(AccessLog.Format.COMBINED));
  }

  @Test
  void theTableHasTheFieldsOfTheJsonFormat() {
    String line = written(AccessLog.Format.JSON);
    assertEquals(List.copyOf(JsonParser.parseString(line).getAsJsonObject().keySet()), column(1));
  }

  @Test
  void theTableHasTheNamesOfTheCombinedFormat() {
    List<String> names =
        Pattern.compile("([a-z]+=)[^ ]*(?=[^\"]*\"\n)")
            .matcher(written(AccessLog.Format.COMBINED))
            .results()
            .map(name -> "`" + name.group(1) + "`")
            .toList();
    assertEquals(names, column(2).stream().filter(word -> word.endsWith("=`")).toList());
  }
}
