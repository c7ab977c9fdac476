package io.proxyetc.internal.http.listen;

import io.proxyetc.internal.http.message.BodyConsumer;
import io.proxyetc.internal.http.message.BodyProgress;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.wire.Inlet;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What an HTTP/1 client still sends of a request when its answer is complete: read and thrown away,
 * within bounds, so that the connection can go on. On its IO thread.
 */
final class Leftovers implements BodyConsumer {
  private static final int MAX_DRAIN = 256 * 1024;

  private final Inlet inlet;
  private final Head head;
  private long drained; // of the present request

  Leftovers(Inlet inlet, Head head) {
    this.inlet = inlet;
    this.head = head;
  }

  /** Another request has a body that nobody wants. */
  void begin() {
    drained = 0;
  }

  /** Reads what is there of that body. {@link BodyProgress#BLOCKED}: it is too long. */
  BodyProgress drain() throws IOException {
    return head.contentLength > MAX_DRAIN ? BodyProgress.BLOCKED : inlet.pump(this);
  }

  @Override
  public void piece(ByteBuffer piece, boolean whole) {
    drained += piece.remaining();
    piece.position(piece.limit());
  }

  @Override
  public boolean blocked() {
    return drained > MAX_DRAIN;
  }
}
