package io.proxyetc.internal.http.frames;

import io.proxyetc.internal.http.message.FieldId;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.message.HeadSink;
import java.util.Arrays;

/**
 * Response heads to header blocks (RFC 7541). A field goes into the dynamic table when it is seen
 * for the second time, so that what never repeats displaces nothing and costs no copy. Values are
 * not Huffman-coded: that would save a few bytes and cost more than all the rest. One per
 * connection, as the table is its state: whatever was begun must be sent.
 */
public final class HpackWriter implements HeadSink {
  private static final int MAX_INDEXED = 256; // longer fields are no good guests
  private static final int SEEN = 64;

  private final byte[] name = new byte[256]; // a field's name in lower case
  private final byte[] scratch;
  private byte[] out; // the scratch array, or a larger one for a large block
  private int length;

  private final DynamicTable table = new DynamicTable();
  private boolean resized; // the peer has to be told
  private int smallest = DynamicTable.SIZE; // that the table became since it was told
  private final int[] seen = new int[SEEN];

  /**
   * @param scratch where blocks are put; shared with others of the same thread
   */
  public HpackWriter(byte[] scratch) {
    this.scratch = scratch;
    out = scratch;
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. */
  public void peerTable(long bytes) {
    int wanted = (int) Math.min(DynamicTable.SIZE, bytes);
    if (wanted != table.limit()) {
      table.limit(wanted);
      resized = true;
      smallest = Math.min(smallest, wanted);
    }
  }

  /** Begins a block. */
  public void begin() {
    out = scratch;
    length = 0;
    if (resized) {
      if (smallest < table.limit()) {
        number(0x20, 5, smallest); // section 4.2: what it forgot in between is gone
      }
      number(0x20, 5, table.limit());
      resized = false;
      smallest = table.limit();
    }
  }

  /** Begins a response's block. */
  public void begin(int status) {
    begin();
    int index =
        switch (status) {
          case 200 -> 8;
          case 204 -> 9;
          case 206 -> 10;
          case 304 -> 11;
          case 400 -> 12;
          case 404 -> 13;
          case 500 -> 14;
          default -> 0;
        };
    if (index != 0) {
      put(0x80 | index);
    } else {
      put(8); // literal, named by the static table
      put(3);
      put('0' + status / 100);
      put('0' + status / 10 % 10);
      put('0' + status % 10);
    }
  }

  /** The block so far. */
  public byte[] bytes() {
    return out;
  }

  public int length() {
    return length;
  }

  @Override
  public void field(Head head, int i) {
    if (!head.id(i).hopByHop()) {
      int from = head.nameFrom(i);
      write(head.bytes, from, head.nameTo(i), head.bytes, head.valueFrom(i), head.valueTo(i));
    }
  }

  @Override
  public void field(byte[] fieldName, byte[] value, int from, int to) {
    if (!FieldId.of(fieldName, 0, fieldName.length).hopByHop()) {
      write(fieldName, 0, fieldName.length, value, from, to);
    }
  }

  /** The length of the body. */
  public void contentLength(long value) {
    put(0x0f); // literal without indexing, named by the static table
    put(StaticTable.CONTENT_LENGTH - 15);
    int digits = 1;
    for (long v = value; v >= 10; v /= 10) {
      digits++;
    }
    put(digits);
    ensure(digits);
    long v = value;
    for (int i = digits - 1; i >= 0; i--) {
      out[length + i] = (byte) ('0' + v % 10);
      v /= 10;
    }
    length += digits;
  }

  private void write(byte[] n, int nameFrom, int nameTo, byte[] v, int from, int to) {
    int nameLength = nameTo - nameFrom;
    if (nameLength > name.length) {
      literalName(n, nameFrom, nameTo);
      value(v, from, to);
      return;
    }
    int hash = 1;
    for (int i = 0; i < nameLength; i++) {
      int c = n[nameFrom + i];
      byte lower = (byte) (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
      name[i] = lower;
      hash = hash * 31 + lower;
    }
    int index = StaticTable.index(name, nameLength, hash ^ hash >>> 15);
    if (mayIndex(index, nameLength + to - from)) {
      for (int i = from; i < to; i++) {
        hash = hash * 31 + v[i];
      }
      int found = table.find(hash, name, nameLength, v, from, to);
      if (found >= 0) {
        number(0x80, 7, StaticTable.COUNT + 1 + found);
        return;
      }
      if (seenBefore(hash)) {
        name(0x40, 6, index, nameLength);
        value(v, from, to);
        table.insert(Arrays.copyOf(name, nameLength), Arrays.copyOfRange(v, from, to), hash);
        return;
      }
    }
    name(index == StaticTable.SET_COOKIE ? 0x10 : 0, 4, index, nameLength);
    value(v, from, to);
  }

  private boolean mayIndex(int index, int fieldLength) {
    return fieldLength <= MAX_INDEXED
        && fieldLength + DynamicTable.OVERHEAD <= table.limit()
        && index != StaticTable.CONTENT_LENGTH
        && index != StaticTable.DATE
        && index != StaticTable.SET_COOKIE;
  }

  private boolean seenBefore(int hash) {
    int slot = (hash ^ hash >>> 16) & SEEN - 1;
    if (seen[slot] == hash) {
      return true;
    }
    seen[slot] = hash;
    return false;
  }

  private void name(int pattern, int prefix, int index, int nameLength) {
    number(pattern, prefix, index);
    if (index == 0) {
      number(0, 7, nameLength);
      put(name, 0, nameLength);
    }
  }

  /** A name too long for {@link #name}. */
  private void literalName(byte[] n, int from, int to) {
    put(0);
    number(0, 7, to - from);
    for (int i = from; i < to; i++) {
      int c = n[i];
      put(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
  }

  private void value(byte[] v, int from, int to) {
    number(0, 7, to - from);
    put(v, from, to);
  }

  /** An integer behind the bits of a pattern (section 5.1). */
  private void number(int pattern, int prefix, int value) {
    int max = (1 << prefix) - 1;
    if (value < max) {
      put(pattern | value);
      return;
    }
    put(pattern | max);
    int rest = value - max;
    while (rest >= 128) {
      put(rest & 127 | 128);
      rest >>>= 7;
    }
    put(rest);
  }

  private void put(int b) {
    ensure(1);
    out[length++] = (byte) b;
  }

  private void put(byte[] b, int from, int to) {
    ensure(to - from);
    System.arraycopy(b, from, out, length, to - from);
    length += to - from;
  }

  private void ensure(int more) {
    if (out.length < length + more) {
      out = Arrays.copyOf(out, Math.max(length + more, out.length * 2));
    }
  }
}
