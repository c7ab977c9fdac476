package io.proxyetc.internal.http;

import io.proxyetc.internal.http.message.BodyConsumer;
import io.proxyetc.internal.http.message.BodyProgress;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.wire.Outlet;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The request's body on its way to the target. Keeps the target's faults apart from the client's.
 * All on one IO thread.
 */
final class ToTarget implements BodyConsumer {
  private final Downstream from;
  private final Outlet to;
  private final long max; // 0: any
  private boolean consumed; // bytes were taken from the client
  private long bytes;
  private @Nullable IOException broken; // the target took no more

  ToTarget(Downstream from, Outlet to, long max) {
    this.from = from;
    this.to = to;
    this.max = max;
  }

  /**
   * Passes on what is there.
   *
   * @throws IOException the client's fault; the target's is {@link #broken}
   */
  BodyProgress pump() throws IOException {
    broken = null;
    return from.pump(this);
  }

  @Override
  public void piece(ByteBuffer piece, boolean whole) {
    consumed = true;
    bytes += piece.remaining();
    try {
      to.piece(piece, whole);
    } catch (IOException e) {
      broken = e;
    }
  }

  @Override
  public boolean blocked() {
    return broken != null || to.blocked() || tooLarge();
  }

  boolean tooLarge() {
    return max > 0 && bytes > max;
  }

  @Nullable IOException broken() {
    return broken;
  }

  boolean consumed() {
    return consumed;
  }

  long bytes() {
    return bytes;
  }
}
