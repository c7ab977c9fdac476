package io.proxyetc.internal.http.frames;

import java.util.Arrays;

/**
 * The fields that one direction of a connection remembers (RFC 7541, section 2.3.2): a ring, as
 * they leave in the order in which they came.
 */
final class DynamicTable {
  /** The most that all entries may count, both ways. */
  static final int SIZE = 4096;

  /** What an entry counts beside its bytes (section 4.1). */
  static final int OVERHEAD = 32;

  private static final byte[] NOTHING = new byte[0];

  // The newest entry stands at (first + count - 1). The arrays' length is a power of two.
  private byte[][] names = new byte[8][];
  private byte[][] values = new byte[8][];
  private int[] hashes = new int[8];
  private int first;
  private int count;
  private int size;
  private int limit = SIZE;

  int count() {
    return count;
  }

  int limit() {
    return limit;
  }

  /** Changes how much there may be. */
  void limit(int most) {
    limit = most;
    evict(most);
  }

  /** The name of an entry; the newest is number 0. */
  byte[] name(int i) {
    return names[slot(i)];
  }

  byte[] value(int i) {
    return values[slot(i)];
  }

  private int slot(int i) {
    return first + count - 1 - i & names.length - 1;
  }

  /** The number of the newest entry of this name and value; -1: there is none. */
  int find(int hash, byte[] name, int nameLength, byte[] value, int from, int to) {
    for (int i = 0; i < count; i++) {
      int at = slot(i);
      if (hashes[at] == hash
          && Arrays.equals(names[at], 0, names[at].length, name, 0, nameLength)
          && Arrays.equals(values[at], 0, values[at].length, value, from, to)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Adds an entry; old ones make room. One that is larger than the whole table leaves it empty.
   *
   * @param hash for {@link #find}
   */
  void insert(byte[] name, byte[] value, int hash) {
    int counts = name.length + value.length + OVERHEAD;
    evict(limit - counts);
    if (counts > limit) {
      return;
    }
    if (count == names.length) {
      grow();
    }
    int at = first + count & names.length - 1;
    names[at] = name;
    values[at] = value;
    hashes[at] = hash;
    count++;
    size += counts;
  }

  private void grow() {
    int old = names.length;
    names = Arrays.copyOf(names, 2 * old);
    values = Arrays.copyOf(values, 2 * old);
    hashes = Arrays.copyOf(hashes, 2 * old);
    // Those at the start are newer than those at the end.
    System.arraycopy(names, 0, names, old, first);
    System.arraycopy(values, 0, values, old, first);
    System.arraycopy(hashes, 0, hashes, old, first);
  }

  private void evict(int most) {
    while (size > most && count > 0) {
      size -= names[first].length + values[first].length + OVERHEAD;
      names[first] = NOTHING;
      values[first] = NOTHING;
      first = first + 1 & names.length - 1;
      count--;
    }
  }
}
