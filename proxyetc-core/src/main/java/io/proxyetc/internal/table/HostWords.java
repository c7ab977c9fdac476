package io.proxyetc.internal.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A host's name as words of eight bytes, the way a {@link HostTable} compares and hashes it: a few
 * steps for a name of usual length, where a loop over its bytes takes one after the other.
 */
final class HostWords {
  /** How many bytes of a name the first three words hold; the third has its length on top. */
  static final int BYTES = 23;

  private static final int LENGTH_SHIFT = 56;
  private static final int LONGEST = 255; // names end at 253; anything longer is in no table
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  // Odd numbers without pattern, so that each bit of a word reaches many of the hash.
  private static final long FIRST = 0x9E3779B97F4A7C15L;
  private static final long SECOND = 0xC2B2AE3D27D4EB4FL;
  private static final long THIRD = 0xD6E8FEB86659FD93L;

  private HostWords() {}

  static long first(byte[] bytes, int from, int to) {
    return word(bytes, from, to - from);
  }

  static long second(byte[] bytes, int from, int to) {
    return word(bytes, from + 8, to - from - 8);
  }

  /** The bytes behind the second word, below the length of the name: 0 for no name only. */
  static long third(byte[] bytes, int from, int to) {
    int length = to - from;
    return word(bytes, from + 16, Math.min(length, BYTES) - 16)
        | (long) Math.min(length, LONGEST) << LENGTH_SHIFT;
  }

  /** The hash of a name with these words, and of what lies behind them. */
  static int hash(long first, long second, long third, byte[] bytes, int from, int to) {
    long hash =
        mixed(
            first * FIRST
                + Long.rotateLeft(second * SECOND, 21)
                + Long.rotateLeft(third * THIRD, 43));
    for (int at = from + BYTES; at < to; at += 8) {
      hash = mixed(hash + word(bytes, at, to - at) * FIRST);
    }
    return (int) hash;
  }

  /** The hash of a name in Latin-1. Allocates. */
  static int hash(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    int to = bytes.length;
    return hash(first(bytes, 0, to), second(bytes, 0, to), third(bytes, 0, to), bytes, 0, to);
  }

  private static long mixed(long sum) {
    long mixed = (sum ^ (sum >>> 32)) * THIRD;
    return mixed ^ (mixed >>> 29);
  }

  /** Up to eight bytes, the first one lowest; what a word has no bytes for is 0. */
  private static long word(byte[] bytes, int from, int count) {
    if (count <= 0) {
      return 0;
    }
    if (from + 8 > bytes.length) {
      return wordAtTheEnd(bytes, from, Math.min(count, 8));
    }
    long word = (long) LONGS.get(bytes, from);
    return count >= 8 ? word : word & (1L << 8 * count) - 1;
  }

  private static long wordAtTheEnd(byte[] bytes, int from, int count) {
    long word = 0;
    for (int i = from + count - 1; i >= from; i--) {
      word = word << 8 | (bytes[i] & 0xff);
    }
    return word;
  }
}
