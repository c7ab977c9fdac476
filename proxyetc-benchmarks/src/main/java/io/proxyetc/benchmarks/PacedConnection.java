package io.proxyetc.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/** One kept connection of {@link PacedClient}: a request at a time. Its thread owns it. */
final class PacedConnection {

  private final SocketChannel channel;
  private final SelectionKey key;
  private final ByteBuffer request;
  private final ResponseReader response = new ResponseReader();
  private long due;

  PacedConnection(Selector selector, int port, ByteBuffer request) throws IOException {
    this.request = request;
    channel = SocketChannel.open(Ports.address(port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** When the request under way was due, as {@link System#nanoTime}. */
  long due() {
    return due;
  }

  void send(long dueNanos) throws IOException {
    due = dueNanos;
    request.rewind();
    write();
  }

  /** Writes and reads what it can; true once the response is complete. */
  boolean advance(ByteBuffer scratch) throws IOException {
    if (key.isWritable()) {
      write();
    }
    if (key.isReadable()) {
      scratch.clear();
      if (channel.read(scratch) < 0) {
        throw new EOFException("closed by the proxy");
      }
      return response.complete(scratch.flip());
    }
    return false;
  }

  private void write() throws IOException {
    channel.write(request);
    int interest = SelectionKey.OP_READ | (request.hasRemaining() ? SelectionKey.OP_WRITE : 0);
    if (key.interestOps() != interest) {
      key.interestOps(interest);
    }
  }
}
