package io.proxyetc.internal.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookieTextTest {
  @ParameterizedTest
  @CsvSource({
    "user=ann, ann",
    "a=1; user=ann, ann",
    "user=ann; user=bob, ann",
    "a=1;user=ann;b=2, ann",
    "a=1; user = ann ; b=2, ann",
    "user=a=b, a=b",
    "user=\"ann\", \"ann\"",
    "user=, ''",
    "User=ann, none",
    "xuser=ann; userx=bob, none",
    "user, none",
    "user; user=ann, ann",
    "; ;=; user=ann;, ann",
    "a=user=ann, none",
    "'', none",
  })
  void isFoundByItsName(String field, String expected) {
    byte[] bytes = ("Cookie: " + field + " ; user=of another").getBytes(StandardCharsets.US_ASCII);
    long found = CookieText.find(bytes, 8, 8 + field.length(), "user");
    String value =
        found == CookieText.NONE
            ? "none"
            : new String(
                bytes,
                CookieText.from(found),
                CookieText.to(found) - CookieText.from(found),
                StandardCharsets.US_ASCII);
    assertEquals(expected, value);
  }
}
