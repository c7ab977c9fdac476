package io.proxyetc.internal.http.frames;

import java.util.Arrays;

/**
 * Header blocks to fields (RFC 7541), as bytes: what the tables know is handed on where it stands.
 * One per connection, as the table is its state: every block must be read, wanted or not.
 */
public final class HpackReader {
  private final DynamicTable table = new DynamicTable();
  private final byte[] shared;

  // The block that is being read.
  private byte[] block;
  private int at;
  private int end;
  private byte[] scratch; // the shared array, or a larger one for a large field

  /** Who takes the fields. */
  public interface Fields {
    /**
     * A field.
     *
     * <p>The bytes are valid during the call, and not to be changed.
     *
     * @param name stands at the start of the array
     * @param from where the value begins in its array
     * @param to where it ends
     */
    void field(byte[] name, int nameLength, byte[] value, int from, int to);

    /** Whether further fields are not looked at: there are too many. */
    boolean full();
  }

  /**
   * @param scratch where a field's bytes are put; shared with others of the same thread
   */
  public HpackReader(byte[] scratch) {
    this.shared = scratch;
    this.scratch = scratch;
    this.block = scratch;
  }

  /**
   * Reads a complete header block.
   *
   * @throws Http2Exception the connection's compression state is broken
   */
  public void read(byte[] bytes, int from, int length, Fields to) throws Http2Exception {
    block = bytes;
    at = from;
    end = from + length;
    try {
      resize();
      while (at < end) {
        field(bytes[at], to);
      }
    } finally {
      block = shared;
      scratch = shared;
    }
  }

  private static Http2Exception fault(String what) {
    return Http2Exception.connection(
        ErrorCode.COMPRESSION_ERROR, "a header block cannot be decompressed: " + what);
  }

  /** Changes of the table's size stand in front of all fields (section 4.2). */
  private void resize() throws Http2Exception {
    while (at < end && (block[at] & 0xe0) == 0x20) {
      int size = number(5);
      if (size > DynamicTable.SIZE) {
        throw fault("the table becomes too large");
      }
      table.limit(size);
    }
  }

  /** A field in any of its forms (section 6). */
  private void field(int first, Fields to) throws Http2Exception {
    if ((first & 0x80) != 0) {
      int index = number(7);
      byte[] name = name(index);
      byte[] value = value(index);
      emit(name, name.length, value, 0, value.length, to);
    } else if ((first & 0x40) != 0) {
      literal(number(6), true, to);
    } else if ((first & 0x20) == 0) {
      literal(number(4), false, to);
    } else {
      throw fault("the table's size changes between fields");
    }
  }

  private static void emit(
      byte[] name, int nameLength, byte[] value, int valueFrom, int valueTo, Fields to) {
    if (!to.full()) {
      to.field(name, nameLength, value, valueFrom, valueTo);
    }
  }

  private byte[] name(int index) throws Http2Exception {
    if (index == 0 || index > StaticTable.COUNT + table.count()) {
      throw fault("no table has that field");
    }
    return index <= StaticTable.COUNT
        ? StaticTable.name(index)
        : table.name(index - StaticTable.COUNT - 1);
  }

  private byte[] value(int index) {
    return index <= StaticTable.COUNT
        ? StaticTable.value(index)
        : table.value(index - StaticTable.COUNT - 1);
  }

  /**
   * A field whose value stands in the block.
   *
   * @param index of its name; 0: that stands there, too
   */
  private void literal(int index, boolean remember, Fields to) throws Http2Exception {
    int nameLength = index == 0 ? text(0) : 0;
    int valueTo = text(nameLength);
    byte[] known = index == 0 ? null : name(index); // shared: a long one must not multiply
    if (known == null) {
      emit(scratch, nameLength, scratch, nameLength, valueTo, to);
    } else {
      emit(known, known.length, scratch, 0, valueTo, to);
    }
    if (remember) {
      byte[] name = known == null ? Arrays.copyOf(scratch, nameLength) : known;
      table.insert(name, Arrays.copyOfRange(scratch, nameLength, valueTo), 0);
    }
  }

  /**
   * Puts a text into the scratch array (section 5.2).
   *
   * @param to where
   * @return where it ends
   */
  private int text(int to) throws Http2Exception {
    if (at == end) {
      throw fault("it ends within a field");
    }
    boolean huffman = (block[at] & 0x80) != 0;
    int length = number(7);
    if (length > end - at) {
      throw fault("it ends within a field");
    }
    int from = at;
    at += length;
    if (!huffman) {
      ensure(to + length);
      System.arraycopy(block, from, scratch, to, length);
      return to + length;
    }
    ensure(to + Huffman.mostDecoded(length));
    int decoded = Huffman.decode(block, from, at, scratch, to);
    if (decoded == Huffman.MALFORMED) {
      throw fault("a text is no Huffman code");
    }
    return decoded;
  }

  private void ensure(int length) {
    if (scratch.length < length) {
      scratch = Arrays.copyOf(scratch, Math.max(length, 2 * scratch.length));
    }
  }

  /** An integer in the last bits of a byte, and in further ones if need be (section 5.1). */
  private int number(int prefix) throws Http2Exception {
    int max = (1 << prefix) - 1;
    int value = block[at++] & max;
    if (value < max) {
      return value;
    }
    for (int shift = 0; at < end; shift += 7) {
      int b = block[at++];
      value += (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
      if (shift == 21) {
        break;
      }
    }
    throw fault(at == end ? "it ends within a number" : "a number is too large");
  }
}
