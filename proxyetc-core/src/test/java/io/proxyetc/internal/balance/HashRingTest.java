package io.proxyetc.internal.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HashRingTest {
  private static final int KEYS = 20_000;

  /** A ring over ids, with whose each of many keys is. */
  private static String[] owners(Map<String, Integer> weights) {
    String[] ids = weights.keySet().toArray(new String[0]);
    HashRing ring =
        new HashRing(ids, weights.values().stream().mapToInt(Integer::intValue).toArray());
    String[] owners = new String[KEYS];
    Arrays.setAll(owners, key -> ids[ring.owner(ring.at(Hash64.of("key " + key)))]);
    return owners;
  }

  private static Map<String, Integer> equal(int n) {
    Map<String, Integer> weights = new LinkedHashMap<>();
    for (int i = 0; i < n; i++) {
      weights.put("http://10.0.0." + i + ":80", 1);
    }
    return weights;
  }

  @Test
  void whereOneOfManyGoesOnlyItsKeysMove() {
    for (int n : new int[] {2, 3, 10, 100}) {
      Map<String, Integer> all = equal(n);
      Map<String, Integer> fewer = new LinkedHashMap<>(all);
      fewer.remove("http://10.0.0.1:80");
      movedOnly("http://10.0.0.1:80", 1.0 / n, owners(all), owners(fewer));
    }
  }

  @Test
  void whereOneComesItTakesItsPartOfAllAndNothingElseMoves() {
    Map<String, Integer> some = equal(20);
    Map<String, Integer> more = new LinkedHashMap<>();
    more.put("http://new:80", 1); // where in the list makes no difference
    more.putAll(some);
    movedOnly("http://new:80", 1.0 / 21, owners(more), owners(some));
  }

  @Test
  void weightsAreKeptToWhenOneGoes() {
    Map<String, Integer> all = equal(10);
    all.put("http://heavy:80", 10);
    Map<String, Integer> fewer = new LinkedHashMap<>(all);
    fewer.remove("http://10.0.0.5:80");
    movedOnly("http://10.0.0.5:80", 1.0 / 20, owners(all), owners(fewer));
  }

  private static void movedOnly(String id, double share, String[] with, String[] without) {
    int moved = 0;
    for (int key = 0; key < KEYS; key++) {
      if (with[key].equals(id)) {
        moved++;
        assertNotEquals(id, without[key]);
      } else {
        assertEquals(with[key], without[key]);
      }
    }
    assertEquals(share, (double) moved / KEYS, share * 0.4);
  }

  @Test
  void sharesFollowWeightsHoweverLarge() {
    for (int factor : new int[] {1, 7, 100}) {
      Map<String, Integer> weights = new LinkedHashMap<>();
      weights.put("a", factor);
      weights.put("b", 3 * factor);
      weights.put("c", 6 * factor);
      weights.put("none", 0);
      Map<String, Integer> counts = new HashMap<>();
      for (String owner : owners(weights)) {
        counts.merge(owner, 1, Integer::sum);
      }
      assertEquals(0.1, counts.get("a") / (double) KEYS, 0.03);
      assertEquals(0.3, counts.get("b") / (double) KEYS, 0.06);
      assertEquals(0.6, counts.get("c") / (double) KEYS, 0.06);
      assertTrue(!counts.containsKey("none"));
    }
  }

  /** The ring as it is defined, beside the one that finds its way quickly. */
  @Test
  void aHashBelongsToTheNextPoint() {
    Random random = new Random(5);
    for (int size : new int[] {1, 2, 5, 333}) {
      String[] ids = new String[size];
      int[] weights = new int[size];
      Arrays.setAll(ids, i -> "id " + i);
      Arrays.setAll(weights, i -> 1 + random.nextInt(5));
      HashRing ring = new HashRing(ids, weights);
      List<Long> hashes = new ArrayList<>(List.of(Long.MIN_VALUE, -1L, 0L, 1L, Long.MAX_VALUE));
      random.longs(10_000).forEach(hashes::add);
      hashes.sort(null);
      int last = 0;
      for (long hash : hashes) {
        int at = ring.at(hash);
        assertTrue(at >= last || at == 0, "positions ascend with hashes, and end at the first");
        assertEquals(ring.owner(at), ring.owner(at + ring.size()));
        last = at;
      }
      assertEquals(0, ring.at(Long.MAX_VALUE));
      assertEquals(0, ring.at(Long.MIN_VALUE));
    }
  }

  @Test
  void aLongListHasAsManyPointsAsItNeedsAndNotManyMore() {
    String[] ids = new String[20_000];
    int[] weights = new int[ids.length];
    Arrays.setAll(ids, i -> "id " + i);
    Arrays.setAll(weights, i -> i == 0 ? 1000 : 1);
    int size = new HashRing(ids, weights).size();
    assertTrue(size >= ids.length && size <= (1 << 20) + ids.length, "" + size);
  }
}
