package io.proxyetc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.StringReader;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scan that explains faults must not see any where gson sees none, nor the other way round. */
class JsonScanTest {
  private static final String GOOD =
      "{\"id\":\"a\\n\\u00e9\\\"\",\"to\":[\"http://x\",{\"weight\":-1.5e+3}],\n\t\"b\":[true,false,null,{},[]]}";
  private static final String LETTERS = "{}[]\",:'/#\\ \n\t01.-+eEtfnu\u0001x";

  @Test
  void itAgreesWithGsonAboutWhatIsJson() {
    Random random = new Random(99);
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder(GOOD);
      for (int edits = random.nextInt(3); edits >= 0; edits--) {
        int at = random.nextInt(text.length());
        char c = LETTERS.charAt(random.nextInt(LETTERS.length()));
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, c);
          case 1 -> text.insert(at, c);
          default -> text.deleteCharAt(at);
        }
      }
      String json = text.toString();
      assertEquals(gsonReads(json), JsonScan.firstFault(json).isEmpty(), json);
    }
  }

  @Test
  void aPlaceIsFoundWhateverTheNames() {
    String json = "{\"a\": {\"b.c\": [1, {\"d\": 2}], \"b\": 3}}";

    assertEquals(json.indexOf('2'), JsonScan.find(json, "a.b.c[1].d"));
    assertEquals(json.indexOf('3'), JsonScan.find(json, "a.b"));
    assertEquals(json.indexOf("{\"d\""), JsonScan.find(json, "a.b.c[1].x.y"));
    assertEquals(json.indexOf("[1"), JsonScan.find(json, "a.b.c"));
    assertEquals(0, JsonScan.find(json, ""));
  }

  private static boolean gsonReads(String json) {
    try (JsonReader reader = new JsonReader(new StringReader(json))) {
      reader.setStrictness(Strictness.STRICT);
      reader.setNestingLimit(JsonTree.MAX_DEPTH);
      JsonTree.read(reader);
      return reader.peek() == JsonToken.END_DOCUMENT;
    } catch (IOException e) {
      return false;
    }
  }
}
