package io.proxyetc.internal.http.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextSearchTest {
  @Test
  void itFindsWhatStringFindsHoweverTheBytesAreCut() {
    Random random = new Random(7);
    for (int run = 0; run < 20_000; run++) {
      String wanted = random(random, 1 + random.nextInt(5));
      String body = random(random, random.nextInt(30));
      TextSearch search = new TextSearch(wanted);
      ByteBuffer in = ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8));
      boolean found = false;
      while (in.hasRemaining() && !found) {
        found = search.find(in, 1 + random.nextInt(in.remaining()));
      }
      assertEquals(body.contains(wanted), found, wanted + " in " + body);
    }
  }

  /** Of two letters, so that beginnings of the text repeat within it. */
  private static String random(Random random, int length) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append((char) ('a' + random.nextInt(2)));
    }
    return out.toString();
  }

  @Test
  void aTextBeyondAsciiIsLookedForInUtf8() {
    TextSearch search = new TextSearch("größe");
    byte[] body = "die größe".getBytes(StandardCharsets.UTF_8);
    assertTrue(search.find(ByteBuffer.wrap(body), body.length));
    byte[] latin1 = "die größe".getBytes(StandardCharsets.ISO_8859_1);
    assertFalse(new TextSearch("größe").find(ByteBuffer.wrap(latin1), latin1.length));
  }

  @Test
  void itLooksNoFurtherThanItIsTold() {
    ByteBuffer in = ByteBuffer.wrap("xxok".getBytes(StandardCharsets.UTF_8));
    assertFalse(new TextSearch("ok").find(in, 3));
    assertEquals(3, in.position());
  }
}
