package io.proxyetc.internal.http.frames;

import io.undertow.protocols.http2.HpackDecoder;
import io.undertow.protocols.http2.HpackException;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Header blocks to fields, by Undertow's decoder. One per connection, as the table is its state.
 */
public final class HpackReader {
  private final HpackDecoder decoder = new HpackDecoder(HpackWriter.TABLE);
  private byte[] scratch;

  /** Who takes the fields. */
  public interface Fields {
    /**
     * A field.
     *
     * @param bytes the name, and right behind it the value; valid during the call
     */
    void field(byte[] bytes, int nameLength, int length);

    /** Whether further fields are not looked at: there are too many. */
    boolean full();
  }

  /**
   * @param scratch where a field's bytes are put; shared with others of the same thread
   */
  public HpackReader(byte[] scratch) {
    this.scratch = scratch;
  }

  /**
   * Reads a complete header block.
   *
   * @throws Http2Exception the connection's compression state is broken
   */
  public void read(byte[] bytes, int from, int length, Fields to) throws Http2Exception {
    decoder.setHeaderEmitter((name, value, neverIndex) -> emit(name, value, to));
    try {
      decoder.decode(ByteBuffer.wrap(bytes, from, length), false);
    } catch (HpackException | RuntimeException e) {
      throw Http2Exception.connection(
          ErrorCode.COMPRESSION_ERROR, "a header block cannot be decompressed");
    }
  }

  private void emit(HttpString name, String value, Fields to) {
    if (to.full()) {
      return; // but the table must follow
    }
    int nameLength = name.length();
    int length = nameLength + value.length();
    if (scratch.length < length) {
      scratch = Arrays.copyOf(scratch, length);
    }
    name.copyTo(scratch, 0);
    for (int i = 0; i < value.length(); i++) {
      scratch[nameLength + i] = (byte) value.charAt(i);
    }
    to.field(scratch, nameLength, length);
  }
}
