package io.proxyetc.internal.http.message;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Takes the pieces of a body. */
public interface BodyConsumer {
  /**
   * Takes the whole piece: what cannot be written at once is kept.
   *
   * @param whole whether the rest of the shared read buffer is nothing but this piece, so that it
   *     may be taken as it is
   */
  void piece(ByteBuffer piece, boolean whole) throws IOException;

  /** Whether no further piece should come now. */
  boolean blocked();
}
