package io.proxyetc.internal.http.probe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The bare socket. */
final class PlainLink implements Link {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private ByteBuffer unsent = NOTHING;
  private boolean drained;

  PlainLink(SocketChannel channel) {
    this.channel = channel;
  }

  @Override
  public SocketChannel channel() {
    return channel;
  }

  @Override
  public void send(ByteBuffer bytes) throws IOException {
    unsent = bytes;
    flush();
  }

  @Override
  public boolean flush() throws IOException {
    if (unsent.hasRemaining()) {
      channel.write(unsent);
    }
    return !unsent.hasRemaining();
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    int n = channel.read(into);
    drained = into.hasRemaining();
    return n;
  }

  @Override
  public boolean drained() {
    return drained;
  }

  @Override
  public void close() {
    SocketProber.close(channel);
  }
}
