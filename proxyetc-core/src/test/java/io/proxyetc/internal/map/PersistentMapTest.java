package io.proxyetc.internal.map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentMapTest {
  /** A key whose hash the test chooses, so that hashes meet in any number of bits. */
  private record Key(int id, int hash) {
    @Override
    public int hashCode() {
      return hash;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0x00000000, 0x00000003, 0x0000ffff, 0xffffffff})
  void holdsWhatAHashMapHoldsWhateverTheHashes(int hashBits) {
    Random random = new Random(hashBits);
    Map<Key, Integer> expected = new HashMap<>();
    PersistentMap<Key, Integer> map = PersistentMap.empty();
    for (int step = 0; step < 20_000; step++) {
      int id = random.nextInt(300);
      Key key = new Key(id, id * 0x45d9f3b & hashBits);
      if (random.nextInt(step % 4_000 < 2_000 ? 3 : 2) == 0) {
        expected.remove(key);
        map = map.without(key);
      } else {
        expected.put(key, step);
        map = map.with(key, step);
      }
      assertEquals(expected.get(key), map.get(key));
      assertEquals(expected.size(), map.size());
      if (step % 100 == 0) {
        assertEquals(expected, map);
        assertEquals(map, expected);
      }
    }
  }

  @Test
  void anOlderVersionStaysAsItWas() {
    List<PersistentMap<Integer, Integer>> versions = new ArrayList<>();
    PersistentMap<Integer, Integer> map = PersistentMap.empty();
    for (int i = 0; i < 500; i++) {
      versions.add(map);
      map = map.with(i, i);
    }
    for (int i = 0; i < 500; i++) {
      map = map.without(i);
    }
    for (int i = 0; i < 500; i++) {
      assertEquals(i, versions.get(i).size());
      assertFalse(versions.get(i).containsKey(i));
      assertTrue(i == 0 || versions.get(i).containsKey(i - 1));
    }
    assertTrue(map.isEmpty());
  }

  @Test
  void whatChangesNothingMakesNoNewMap() {
    PersistentMap<String, String> map = PersistentMap.<String, String>empty().with("a", "b");
    assertSame(map, map.with("a", "b"));
    assertSame(map, map.without("x"));
    assertSame(PersistentMap.empty(), map.without("a"));
    assertSame(map, PersistentMap.copyOf(map));
    assertEquals(Map.of("a", "b"), PersistentMap.copyOf(Map.of("a", "b")));
  }

  @Test
  void theWayThatLedToAMapDoesNotShow() {
    PersistentMap<Integer, Integer> direct = PersistentMap.empty();
    PersistentMap<Integer, Integer> detour = PersistentMap.empty();
    for (int i = 0; i < 2_000; i++) {
      detour = detour.with(i, i);
    }
    for (int i = 0; i < 2_000; i++) {
      if (i % 7 == 0) {
        direct = direct.with(i, i);
      } else {
        detour = detour.without(i);
      }
    }
    assertEquals(new ArrayList<>(direct.keySet()), new ArrayList<>(detour.keySet()));
  }

  @Test
  void aStringIsFoundByItsBytes() {
    PersistentMap<String, Integer> map = PersistentMap.empty();
    for (int i = 0; i < 10_000; i++) {
      map = map.with("h" + i + ".example.com", i);
    }
    // "Aa" and "BB" have the same hash, and so has whatever follows them.
    map = map.with("AaAa", 1).with("BBBB", 2).with("AaBB", 3).with("", 4).with("\u00e9", 5);
    for (Map.Entry<String, Integer> entry : map.entrySet()) {
      byte[] bytes = ("<" + entry.getKey() + ">").getBytes(StandardCharsets.ISO_8859_1);
      int hash = entry.getKey().hashCode();
      assertEquals(entry.getValue(), map.getLatin1(bytes, 1, bytes.length - 1, hash));
    }
    byte[] absent = "BBAa".getBytes(StandardCharsets.ISO_8859_1);
    assertNull(map.getLatin1(absent, 0, 4, "BBAa".hashCode()));
    assertNull(map.getLatin1(absent, 0, 3, "BBA".hashCode()));
  }

  @Test
  void cannotBeChangedInPlace() {
    PersistentMap<String, String> map = PersistentMap.<String, String>empty().with("a", "b");
    assertThrows(UnsupportedOperationException.class, () -> map.put("c", "d"));
    assertThrows(UnsupportedOperationException.class, () -> map.remove("a"));
    assertThrows(
        UnsupportedOperationException.class, () -> map.entrySet().iterator().next().setValue("c"));
    assertNull(map.get(null));
    assertFalse(map.containsKey(null));
  }
}
