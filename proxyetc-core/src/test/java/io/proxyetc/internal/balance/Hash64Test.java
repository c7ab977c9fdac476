package io.proxyetc.internal.balance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class Hash64Test {
  private static final long EMPTY = 2400974172277973648L;
  private static final long SHORT = 4592831841199175883L;
  private static final long LONG = 6151943000486908713L;

  /** A fleet agrees on where requests go, whichever version each node runs. */
  @Test
  void staysWhatItIs() {
    assertEquals(EMPTY, Hash64.of(""));
    assertEquals(SHORT, Hash64.of("a"));
    assertEquals(LONG, Hash64.of("http://192.168.1.179:8080"));
  }

  @Test
  void onlyTheBytesCountAndNotWhereTheyStand() {
    byte[] bytes = "xxhttp://192.168.1.179:8080yy".getBytes(StandardCharsets.UTF_8);
    assertEquals(LONG, Hash64.of(bytes, 2, bytes.length - 2));
  }

  @Test
  void keysThatAreMuchAlikeDoNotMeet() {
    Set<Long> seen = new HashSet<>();
    for (int i = 0; i < 200_000; i++) {
      assertTrue(seen.add(Hash64.of("10.0." + i)), "10.0." + i);
      assertTrue(seen.add(Hash64.of("session-" + i + "-of-a-longer-key")));
    }
    for (int length = 0; length < 100; length++) {
      assertTrue(seen.add(Hash64.of(new byte[length], 0, length)), length + " zeros");
    }
  }

  /** Of what is hashed each bit changes each bit of the hash in about half of all cases. */
  @Test
  void eachBitReachesEachBit() {
    Random random = new Random(1);
    int rounds = 2_000;
    for (int length : new int[] {1, 4, 8, 13, 24}) {
      for (int bit = 0; bit < length * 8; bit++) {
        int[] changed = new int[64];
        for (int round = 0; round < rounds; round++) {
          byte[] bytes = new byte[length];
          random.nextBytes(bytes);
          long before = Hash64.of(bytes, 0, length);
          bytes[bit / 8] ^= (byte) (1 << bit % 8);
          long differs = before ^ Hash64.of(bytes, 0, length);
          Arrays.setAll(changed, i -> changed[i] + (int) (differs >>> i & 1));
        }
        for (int count : changed) {
          assertEquals(0.5, (double) count / rounds, length == 1 ? 0.25 : 0.07);
        }
      }
    }
  }

  @Test
  void whatOneHashLeadsToLooksLikeAnyOther() {
    int[] even = new int[256];
    Arrays.fill(even, 1);
    int[] counts = new int[256];
    for (int n = 0; n < 100_000; n++) {
      counts[(int) (Hash64.derived(42, n) >>> 56)]++;
    }
    ChiSquare.assertFits(even, counts);
    assertNotEquals(Hash64.derived(42, 0), Hash64.derived(43, 0));
  }
}
