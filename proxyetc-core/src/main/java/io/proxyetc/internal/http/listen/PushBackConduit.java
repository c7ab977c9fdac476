package io.proxyetc.internal.http.listen;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSourceConduit;

/** Gives bytes that were read too far before those of the conduit below: once, after an upgrade. */
final class PushBackConduit extends AbstractStreamSourceConduit<StreamSourceConduit> {
  private final ByteBuffer first;

  PushBackConduit(StreamSourceConduit next, ByteBuffer first) {
    super(next);
    this.first = first;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (!first.hasRemaining()) {
      return next.read(dst);
    }
    int n = Math.min(first.remaining(), dst.remaining());
    dst.put(dst.position(), first, first.position(), n);
    dst.position(dst.position() + n);
    first.position(first.position() + n);
    return n;
  }

  @Override
  public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      if (dsts[i].hasRemaining()) {
        return read(dsts[i]);
      }
    }
    return 0;
  }

  @Override
  public void resumeReads() {
    if (first.hasRemaining()) {
      next.wakeupReads();
    } else {
      next.resumeReads();
    }
  }
}
