package io.proxyetc.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.spi.HealthBatch;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.spi.HealthEvent.Kind;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailTextTest {
  private static final Instant AT = Instant.parse("2030-01-01T10:00:06Z");

  private static MailText text(long more, HealthEvent... events) {
    return new MailText(
        new HealthBatch("id", List.of(events), more), "edge-1", ZoneOffset.ofHours(1));
  }

  private static HealthEvent down(String subject, String detail) {
    return new HealthEvent(Kind.TARGET_DOWN, subject, detail, AT.minusSeconds(6), AT);
  }

  @Test
  void itSaysWhatDiedSinceWhenAndWhatStillServes() {
    MailText text =
        text(0, down("http://10.0.0.7:3000", "connection refused; of group blue 2 of 3 serve"));
    assertEquals("[x] target down: http://10.0.0.7:3000", text.subject("[x]"));
    assertEquals("target down: http://10.0.0.7:3000", text.subject(""));
    assertEquals(
        """
        target down: http://10.0.0.7:3000
            connection refused; of group blue 2 of 3 serve
            since 2030-01-01 11:00:00 +01:00, noticed at 2030-01-01 11:00:06 +01:00

        --\s
        proxyetc on edge-1
        """,
        text.plain());
    assertTrue(text.html().contains("<b>target down: http://10.0.0.7:3000</b>"), text.html());
    assertTrue(text.html().contains("of group blue 2 of 3 serve"), text.html());
  }

  @Test
  void ofManyTheSubjectCountsThem() {
    HealthEvent empty = new HealthEvent(Kind.GROUP_EMPTY, "shop: blue", "", AT);
    MailText text = text(40, down("a", ""), down("b", ""), empty);
    assertEquals("[x] 43 events: 2 target down, 1 group empty", text.subject("[x]"));
    assertTrue(text.plain().contains("group empty: shop: blue\n    since 2030"), text.plain());
    assertTrue(text.plain().contains("40 earlier events are not listed here"), text.plain());
    assertTrue(text.html().contains("40 earlier events are not listed here"), text.html());
  }

  @Test
  void whatHappenedOnceHasATimeAndNoState() {
    MailText text = text(0, new HealthEvent(Kind.SWITCHED, "shop", "blue to green", AT));
    assertTrue(text.plain().contains("    at 2030-01-01 11:00:06 +01:00"), text.plain());
  }

  @Test
  void scriptInANameIsTextInHtml() {
    String html = text(0, down("<script>alert('x')</script>", "\"&\"")).html();
    assertFalse(html.contains("<script"), html);
    assertTrue(html.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"), html);
    assertTrue(html.contains("&quot;&amp;&quot;"), html);
  }

  @Test
  void aLineEndInANameStaysInItsLine() {
    MailText text = text(0, down("a\r\nBcc: x@y.org\u2028z", "b\r\n.\r\nMAIL FROM:<x>"));
    assertEquals("target down: a  Bcc: x@y.org z", text.subject(""));
    assertTrue(text.plain().contains("    b  .  MAIL FROM:<x>\n"), text.plain());
  }

  @Test
  void whatIsTooLongIsCutBetweenCharacters() {
    MailText text = text(0, down("\uD83D\uDE00".repeat(2_000), "d".repeat(100_000)));
    assertTrue(text.subject("[x]").length() <= 150);
    assertFalse(Character.isHighSurrogate(text.subject("").charAt(text.subject("").length() - 2)));
    assertTrue(text.plain().length() < 3_000);
  }
}
