package io.proxyetc.internal.http.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The table finds what a map finds, whatever came and went before. */
final class StreamTableTest {

  @Test
  void likeAMap() {
    Random random = new Random(11);
    StreamTable<StreamTable.Numbered> table = new StreamTable<>();
    TreeMap<Integer, StreamTable.Numbered> map = new TreeMap<>();
    int next = 1;
    for (int i = 0; i < 200_000; i++) {
      if (map.isEmpty() || (map.size() < 120 && random.nextInt(3) > 0)) {
        StreamTable.Numbered entry = entry(next);
        table.put(entry);
        map.put(next, entry);
        next += 2 * (1 + random.nextInt(20));
      } else {
        Integer some = map.floorKey(map.firstKey() + random.nextInt(next));
        StreamTable.Numbered entry = map.remove(some);
        if (entry != null) {
          table.remove(entry);
        }
      }
      assertEquals(map.size(), table.size());
      int asked = 1 + 2 * random.nextInt(next);
      assertSame(map.get(asked), table.get(asked));
    }
    assertEquals(new HashSet<>(map.values()), new HashSet<>(table.all()));
  }

  private static StreamTable.Numbered entry(int id) {
    return () -> id;
  }

  @Test
  void remembersWhatWasClosedLately() {
    StreamTable<StreamTable.Numbered> table = new StreamTable<>();
    table.closed(1, false);
    assertTrue(table.closedLately(1));
    assertFalse(table.resetLately(1));
    for (int id = 3; id < 3 + 2 * 256; id += 2) {
      table.closed(id, true);
    }
    assertFalse(table.closedLately(1));
    assertTrue(table.resetLately(3));
    assertTrue(table.resetLately(1 + 2 * 256));
  }
}
