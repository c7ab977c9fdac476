package io.proxyetc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.proxyetc.spi.HealthEvent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code and docs/alerts.md name the same events. */
class AlertsDocumentTest {
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([A-Z_]+)` \\| (\\w+) \\| (\\w*) ?\\|");

  @Test
  void thePageNamesEveryKindOfTheCodeInItsOrderAndNoOther() {
    List<String> page =
        ROW.matcher(Repository.read("docs/alerts.md"))
            .results()
            .map(row -> row.group(1) + " " + row.group(2) + " " + row.group(3))
            .toList();
    assertEquals(
        Arrays.stream(HealthEvent.Kind.values())
            .map(
                kind ->
                    kind
                        + " "
                        + kind.severity().name().toLowerCase(Locale.ROOT)
                        + " "
                        + kind.state().map(s -> s.name().toLowerCase(Locale.ROOT)).orElse(""))
            .toList(),
        page);
  }
}
