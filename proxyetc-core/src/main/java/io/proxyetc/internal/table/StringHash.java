package io.proxyetc.internal.table;

/**
 * {@link String#hashCode} over Latin-1 bytes, one byte at a time, in both directions: 31 is odd, so
 * it has an inverse modulo 2^32, and what was appended can be taken off again.
 */
final class StringHash {
  private static final int INVERSE_OF_31 = 0xBDEF7BDF;

  private StringHash() {}

  static int append(int hash, byte last) {
    return 31 * hash + (last & 0xff);
  }

  static int removeLast(int hash, byte last) {
    return (hash - (last & 0xff)) * INVERSE_OF_31;
  }

  /** The hash without its first byte, where {@code power} is 31 to the number of bytes after it. */
  static int removeFirst(int hash, byte first, int power) {
    return hash - (first & 0xff) * power;
  }

  /** 31 to the n. */
  static int power(int n) {
    int power = 1;
    for (int i = 0; i < n; i++) {
      power *= 31;
    }
    return power;
  }

  /** From 31 to the n to 31 to the n - 1. */
  static int lowerPower(int power) {
    return power * INVERSE_OF_31;
  }
}
