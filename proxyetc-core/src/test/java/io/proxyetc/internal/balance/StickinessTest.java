package io.proxyetc.internal.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.balance.Stickiness.Place;
import io.proxyetc.internal.target.TargetRegistry;
import io.proxyetc.internal.target.TargetState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StickinessTest {
  private static final SessionKey KEY = new SessionKey(bytes("a secret of a fleet"));

  private final TargetRegistry registry = new TargetRegistry();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.US_ASCII);
  }

  private TargetState target(String group, String url) {
    return registry.target("r", group, Target.of(url), TargetTls.DEFAULT);
  }

  /** Names that would be the same if they were put together without care. */
  @Test
  void noTwoOfRouteGroupAndTargetHaveTheSameValue() {
    List<String> names = new ArrayList<>(List.of("", "a", "aa", "aaa", "b", "ab", "ba", "a/b"));
    names.addAll(List.of("\0", "a\0", "\0\0\0\1", "a\0\0\0\1a", "é", "e\u0301", "-", "_", "."));
    Random random = new Random(7);
    for (int i = 0; i < 8; i++) {
      names.add(Long.toString(random.nextLong() >>> random.nextInt(64), 36));
    }
    Set<String> values = new HashSet<>();
    for (String route : names) {
      for (String group : names) {
        for (String target : names) {
          assertTrue(
              values.add(text(KEY.value(route, group, target))),
              () -> "again for " + List.of(route, group, target));
        }
      }
    }
  }

  @Test
  void aValueIsWhatTheSecretMakesIt() {
    byte[] value = KEY.value("r", "g", "http://h:80");
    assertTrue(text(value).matches("[A-Za-z0-9_-]{24}"), text(value));
    SessionKey same = new SessionKey(bytes("a secret of a fleet"));
    assertEquals(text(value), text(same.value("r", "g", "http://h:80")));
    SessionKey other = new SessionKey(bytes("a secret of a Fleet"));
    assertNotEquals(text(value), text(other.value("r", "g", "http://h:80")));
  }

  @Test
  void eachTargetIsFoundByItsValueAndByNothingElse() {
    for (int size : new int[] {0, 1, 2, 3, 4, 7, 500}) {
      List<TargetState> first = new ArrayList<>();
      List<TargetState> third = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        first.add(target("one", "http://10.0." + i / 250 + "." + i % 250 + ":80"));
        third.add(target("three", "http://10.0." + i / 250 + "." + i % 250 + ":80"));
      }
      Stickiness stickiness = Stickiness.of(KEY, List.of(first, List.of(), third));
      assertEquals(2 * size, stickiness.places().size());
      for (int i = 0; i < size; i++) {
        found(stickiness, 0, first.get(i));
        found(stickiness, 2, third.get(i));
      }
      byte[] foreign = KEY.value("r", "one", "http://10.1.0.0:80");
      assertNull(stickiness.find(foreign, 0, foreign.length));
      assertNull(stickiness.find(foreign, 0, 0));
    }
  }

  private static void found(Stickiness stickiness, int group, TargetState target) {
    byte[] value = KEY.value("r", target.group().name(), target.target().id());
    byte[] around = bytes("xy" + text(value) + "z");
    Place place = stickiness.find(around, 2, 2 + value.length);
    assertSame(target, place == null ? null : place.target());
    assertEquals(group, place == null ? -1 : place.group());
    assertEquals(text(value), place == null ? "" : place.value());
    assertNull(stickiness.find(around, 2, 1 + value.length));
    assertNull(stickiness.find(around, 2, 3 + value.length));
    for (int i = 0; i < value.length; i++) {
      byte[] forged = value.clone();
      forged[i] ^= 1;
      assertNull(stickiness.find(forged, 0, forged.length), "at " + i);
    }
  }
}
