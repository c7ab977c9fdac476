package io.proxyetc.internal.map;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A node of a compressed hash trie: five bits of the hash choose one of 32 places, and only places
 * in use take space. A place holds an entry or a child node. Immutable.
 *
 * <p>{@code slots} holds key, value, key, value … in order of place, then the children in reverse
 * order of place. Where the hash has no bits left (keys whose hashes are equal) both bitmaps are 0
 * and the slots are a plain list of keys and values.
 */
final class Node {
  static final Node EMPTY = new Node(0, 0, new Object[0]);

  /** How many bits of the hash choose a place. */
  private static final int BITS = 5;

  private final int entries;
  private final int children;
  private final Object[] slots;

  private Node(int entries, int children, Object[] slots) {
    this.entries = entries;
    this.children = children;
    this.slots = slots;
  }

  /** Spreads what {@link String#hashCode} leaves close together; different stays different. */
  static int mix(int hash) {
    int spread = hash * 0x9E3779B9;
    return spread ^ (spread >>> 16);
  }

  @Nullable Object get(Object key, int hash) {
    Node node = this;
    for (int rest = hash; ; rest >>>= BITS) {
      int bit = 1 << (rest & 31);
      if ((node.entries & bit) != 0) {
        int at = node.entryAt(bit);
        return node.slots[at].equals(key) ? node.slots[at + 1] : null;
      }
      if ((node.children & bit) == 0) {
        int at = node.isList() ? node.listed(key) : -1;
        return at < 0 ? null : node.slots[at + 1];
      }
      node = node.child(bit);
    }
  }

  @Nullable Object getLatin1(byte[] bytes, int from, int to, int hash) {
    Node node = this;
    for (int rest = hash; ; rest >>>= BITS) {
      int bit = 1 << (rest & 31);
      if ((node.entries & bit) != 0) {
        int at = node.entryAt(bit);
        return isLatin1(node.slots[at], bytes, from, to) ? node.slots[at + 1] : null;
      }
      if ((node.children & bit) == 0) {
        return node.isList() ? node.listedLatin1(bytes, from, to) : null;
      }
      node = node.child(bit);
    }
  }

  Node with(Object key, Object value, int hash, int shift) {
    if (isList() && shift > 0) {
      return withListed(key, value);
    }
    int bit = bit(hash, shift);
    if ((entries & bit) != 0) {
      int at = entryAt(bit);
      if (slots[at].equals(key)) {
        return slots[at + 1] == value ? this : replaced(at + 1, value);
      }
      return pushedDown(bit, at, pair(slots[at], slots[at + 1], key, value, hash, shift + BITS));
    }
    if ((children & bit) != 0) {
      Node child = child(bit);
      Node newChild = child.with(key, value, hash, shift + BITS);
      return newChild == child ? this : replaced(childAt(bit), newChild);
    }
    int at = entryAt(bit);
    return new Node(entries | bit, children, inserted(at, key, value));
  }

  Node without(Object key, int hash, int shift) {
    if (isList()) {
      int at = listed(key);
      return at < 0 ? this : new Node(0, 0, cut(at, 2));
    }
    int bit = bit(hash, shift);
    if ((entries & bit) != 0) {
      int at = entryAt(bit);
      return slots[at].equals(key) ? new Node(entries & ~bit, children, cut(at, 2)) : this;
    }
    if ((children & bit) == 0) {
      return this;
    }
    Node child = child(bit);
    Node newChild = child.without(key, hash, shift + BITS);
    if (newChild == child) {
      return this;
    }
    return newChild.isSingle() ? pulledUp(bit, newChild) : replaced(childAt(bit), newChild);
  }

  int entryCount() {
    return (slots.length - childCount()) / 2;
  }

  int childCount() {
    return Integer.bitCount(children);
  }

  Object key(int index) {
    return slots[2 * index];
  }

  Object value(int index) {
    return slots[2 * index + 1];
  }

  Node child(int index, int count) {
    return (Node) slots[slots.length - count + index];
  }

  /** Whether this is the end of the hash; the empty root counts as one without entries. */
  private boolean isList() {
    return (entries | children) == 0;
  }

  private boolean isSingle() {
    return children == 0 && slots.length == 2;
  }

  private static int bit(int hash, int shift) {
    return 1 << (hash >>> shift & 31);
  }

  private int entryAt(int bit) {
    return 2 * Integer.bitCount(entries & (bit - 1));
  }

  private int childAt(int bit) {
    return slots.length - 1 - Integer.bitCount(children & (bit - 1));
  }

  private Node child(int bit) {
    return (Node) slots[childAt(bit)];
  }

  /** A node of two entries whose hashes agree up to {@code shift}. */
  private static Node pair(
      Object key1, Object value1, Object key2, Object value2, int hash2, int shift) {
    if (shift >= Integer.SIZE) {
      return new Node(0, 0, new Object[] {key1, value1, key2, value2});
    }
    int bit1 = bit(mix(key1.hashCode()), shift);
    int bit2 = bit(hash2, shift);
    if (bit1 == bit2) {
      Node child = pair(key1, value1, key2, value2, hash2, shift + BITS);
      return new Node(0, bit1, new Object[] {child});
    }
    boolean ordered = Integer.compareUnsigned(bit1, bit2) < 0;
    return new Node(
        bit1 | bit2,
        0,
        ordered
            ? new Object[] {key1, value1, key2, value2}
            : new Object[] {key2, value2, key1, value1});
  }

  private Node replaced(int at, Object value) {
    Object[] copy = slots.clone();
    copy[at] = value;
    return new Node(entries, children, copy);
  }

  private Object[] inserted(int at, Object key, Object value) {
    Object[] copy = new Object[slots.length + 2];
    System.arraycopy(slots, 0, copy, 0, at);
    copy[at] = key;
    copy[at + 1] = value;
    System.arraycopy(slots, at, copy, at + 2, slots.length - at);
    return copy;
  }

  private Object[] cut(int at, int count) {
    Object[] copy = Arrays.copyOf(slots, slots.length - count);
    System.arraycopy(slots, at + count, copy, at, copy.length - at);
    return copy;
  }

  /** Puts a child where an entry was. */
  private Node pushedDown(int bit, int at, Node child) {
    Object[] without = cut(at, 2);
    int newAt = without.length - Integer.bitCount(children & (bit - 1));
    Object[] copy = new Object[without.length + 1];
    System.arraycopy(without, 0, copy, 0, newAt);
    copy[newAt] = child;
    System.arraycopy(without, newAt, copy, newAt + 1, without.length - newAt);
    return new Node(entries & ~bit, children | bit, copy);
  }

  /** Puts the only entry of a child where the child was. */
  private Node pulledUp(int bit, Node single) {
    Node without = new Node(entries, children & ~bit, cut(childAt(bit), 1));
    Object[] copy = without.inserted(without.entryAt(bit), single.slots[0], single.slots[1]);
    return new Node(entries | bit, children & ~bit, copy);
  }

  private Node withListed(Object key, Object value) {
    int at = listed(key);
    if (at < 0) {
      return new Node(0, 0, inserted(slots.length, key, value));
    }
    return slots[at + 1] == value ? this : replaced(at + 1, value);
  }

  private int listed(Object key) {
    for (int at = 0; at < slots.length; at += 2) {
      if (slots[at].equals(key)) {
        return at;
      }
    }
    return -1;
  }

  private @Nullable Object listedLatin1(byte[] bytes, int from, int to) {
    for (int at = 0; at < slots.length; at += 2) {
      if (isLatin1(slots[at], bytes, from, to)) {
        return slots[at + 1];
      }
    }
    return null;
  }

  private static boolean isLatin1(Object key, byte[] bytes, int from, int to) {
    String string = (String) key;
    int length = to - from;
    if (string.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (string.charAt(i) != (bytes[from + i] & 0xff)) {
        return false;
      }
    }
    return true;
  }
}
