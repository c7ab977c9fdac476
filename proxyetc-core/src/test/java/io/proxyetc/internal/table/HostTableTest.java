package io.proxyetc.internal.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.proxyetc.Route;
import io.proxyetc.spi.StoredRoute;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostTableTest {
  private final Random random = new Random(7);
  private int made;

  /** Few names fill one chunk, many make it grow and shrink again. */
  @ParameterizedTest
  @ValueSource(ints = {10, 300, 5_000})
  void holdsWhatAHashMapHolds(int names) {
    Map<String, Rules<String>> expected = new HashMap<>();
    HostTable<String> table = HostTable.empty();
    for (int step = 0; step < 20_000; step++) {
      boolean shrinking = step / 5_000 % 2 == 1;
      String name = name(random.nextInt(names));
      if (random.nextInt(4) < (shrinking ? 3 : 1)) {
        expected.remove(name);
        table = table.without(name);
      } else {
        Rules<String> rules = rules();
        expected.put(name, rules);
        table = table.with(name, rules);
      }
      if (step % 1_000 == 0) {
        for (int i = 0; i < names; i++) {
          assertFound(expected.get(name(i)), table, name(i));
        }
      }
    }
  }

  @Test
  void namesWhoseHashesAreEqualAreKeptApart() {
    Map<Integer, String> seen = new HashMap<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; names.size() < 20; i++) { // some 300,000: a hash has 32 bits
      String name = "h" + i + ".example.com";
      String other = seen.putIfAbsent(HostWords.hash(name), name);
      if (other != null) {
        names.add(name);
        names.add(other);
      }
    }
    HostTable<String> table = HostTable.empty();
    Map<String, Rules<String>> expected = new HashMap<>();
    for (String name : names) {
      expected.put(name, rules());
      table = table.with(name, expected.get(name));
    }
    for (String name : names) {
      assertFound(expected.get(name), table, name);
    }
    for (int i = 0; i < names.size(); i += 2) {
      table = table.without(names.get(i));
    }
    for (int i = 0; i < names.size(); i++) {
      assertFound(i % 2 == 0 ? null : expected.get(names.get(i)), table, names.get(i));
    }
  }

  @Test
  void namesOfAnyLengthAreComparedToTheirEnd() {
    for (int length = 3; length <= 253; length++) {
      String name = "x".repeat(length);
      HostTable<String> table = HostTable.<String>empty().with(name, rules());
      assertEquals(planOf(table.get(name)), find(table, name));
      assertNull(find(table, inTheSlotOf(name, name.substring(3), "")));
      assertNull(find(table, inTheSlotOf(name, "", name.substring(3))));
      assertNull(find(table, inTheSlotOf(name, name, "")));
      assertNull(find(table, inTheSlotOf(name, name.substring(2), "")));
    }
    String longest = "x".repeat(253);
    HostTable<String> table = HostTable.<String>empty().with(longest, rules());
    assertNull(find(table, inTheSlotOf(longest, "x".repeat(600), "")));
  }

  /** A name with three other letters between these parts, that is looked for in the same slot. */
  private static String inTheSlotOf(String name, String before, String after) {
    int slot = HostWords.hash(name) % HostChunk.SLOTS;
    for (int i = 0; ; i++) {
      String other = before + (char) ('a' + i % 23) + (char) ('a' + i / 23 % 23) + i / 529 + after;
      if (HostWords.hash(other) % HostChunk.SLOTS == slot) {
        return other;
      }
    }
  }

  /** The bytes of a request lie anywhere in a buffer: what surrounds a name is not part of it. */
  @Test
  void wordsDoNotDependOnWhatSurroundsTheName() {
    for (int length = 0; length <= 60; length++) {
      String name =
          "abcdefghijklmnopqrstuvwxyz0123456789-abcdefghijklmnopqrstuvwx".substring(0, length);
      for (int behind = 0; behind <= 9; behind++) {
        byte[] bytes = ("##" + name + "#".repeat(behind)).getBytes(StandardCharsets.ISO_8859_1);
        byte[] alone = name.getBytes(StandardCharsets.ISO_8859_1);
        int to = 2 + length;
        long first = HostWords.first(bytes, 2, to);
        long second = HostWords.second(bytes, 2, to);
        long third = HostWords.third(bytes, 2, to);
        assertEquals(HostWords.first(alone, 0, length), first);
        assertEquals(HostWords.second(alone, 0, length), second);
        assertEquals(HostWords.third(alone, 0, length), third);
        assertEquals(
            HostWords.hash(name), HostWords.hash(first, second, third, bytes, 2, to), name);
      }
    }
  }

  /** Names as people number them spread as well as dice would: no slot has a crowd before it. */
  @Test
  void numberedNamesSpread() {
    int slots = 1 << 15;
    int[] there = new int[slots];
    for (int i = 0; i < slots / 2; i++) {
      there[HostWords.hash("tenant" + i + ".eu-central.customers.example.com") & slots - 1]++;
    }
    long pairs = 0;
    for (int n : there) {
      pairs += n * (n - 1) / 2;
    }
    int expected = slots / 8; // of n names in m slots: n * n / 2m
    assertEquals(expected, pairs, expected * 0.15);
  }

  @Test
  void anOlderVersionStaysAsItWas() {
    HostTable<String> table = HostTable.empty();
    List<HostTable<String>> versions = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      versions.add(table);
      table = table.with(name(i), rules());
    }
    for (int i = 0; i < 1_000; i++) {
      table = table.without(name(i));
    }
    for (int i = 0; i < 1_000; i++) {
      assertNull(versions.get(i).get(name(i)));
      assertEquals(i > 0, i > 0 && versions.get(i).get(name(i - 1)) != null);
    }
  }

  /** Whoever moves up into a freed slot may come from the next chunk, which others still see. */
  @Test
  void aRemovalLeavesTheVersionsAloneThatStillHaveTheName() {
    HostTable<String> table = HostTable.empty();
    Map<String, Rules<String>> expected = new HashMap<>();
    for (int i = 0; i < 6_500; i++) { // just below the next size, so that the rows are long
      expected.put(name(i), rules());
      table = table.with(name(i), expected.get(name(i)));
    }
    for (String name : expected.keySet()) {
      assertNull(table.without(name).get(name));
    }
    for (Map.Entry<String, Rules<String>> each : expected.entrySet()) {
      assertFound(each.getValue(), table, each.getKey());
    }
  }

  @Test
  void itIsAsLargeAsWhatItHoldsNotAsWhatItHeld() {
    int slots = HostTable.empty().slots();
    HostTable<String> table = HostTable.empty();
    for (int i = 0; i < 5_000; i++) {
      table = table.with("a", rules()).without("a");
    }
    assertEquals(slots, table.slots());
    for (int i = 0; i < 5_000; i++) {
      table = table.with(name(i), rules());
    }
    assertEquals(32 * slots, table.slots());
    for (int i = 0; i < 5_000; i++) {
      table = table.without(name(i));
    }
    assertEquals(slots, table.slots());
  }

  private static void assertFound(Rules<String> rules, HostTable<String> table, String name) {
    assertSame(rules, table.get(name));
    assertEquals(rules == null ? null : planOf(rules), find(table, name));
  }

  private static String planOf(Rules<String> rules) {
    return ((Rule<String>) rules).plan();
  }

  private static String find(HostTable<String> table, String name) {
    return table.match(Request.get(name, "/path"));
  }

  private static String name(int number) {
    return "h" + number + ".example.com" + "/".repeat(number % 40);
  }

  /** Every second one takes all requests, the others those for a path. */
  private Rules<String> rules() {
    String id = "r" + ++made;
    Route.Builder route = RouteTableTest.route(id).path(made % 2 == 0 ? "/" : "/path");
    return new Rule<>(new StoredRoute(route.build(), 1), id);
  }
}
