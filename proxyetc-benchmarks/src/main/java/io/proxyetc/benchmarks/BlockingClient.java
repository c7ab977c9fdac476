package io.proxyetc.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One connection to a proxy, a request at a time. Blocks; not for several threads at once. */
final class BlockingClient implements AutoCloseable {

  private static final int BUFFER = 256 * 1024;

  private final SocketChannel channel;
  private final ByteBuffer buffer;
  private final ResponseReader response = new ResponseReader();

  /** Shares {@code buffer} with others of the same thread. */
  BlockingClient(int port, ByteBuffer buffer) throws IOException {
    this.channel = SocketChannel.open(Ports.address(port));
    this.buffer = buffer;
  }

  static ByteBuffer buffer() {
    return ByteBuffer.allocateDirect(BUFFER);
  }

  /** Returns the bytes that came, head and body. */
  long get(String path) throws IOException {
    return get("localhost", path);
  }

  /** Returns the answer's status line and fields, each with its line's end. */
  String head(String host, String path) throws IOException {
    get(host, path);
    return response.head();
  }

  private long get(String host, String path) throws IOException {
    send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    return receive();
  }

  /** Sends a body of that many zeros. */
  long post(String path, long bytes) throws IOException {
    send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + bytes + "\r\n\r\n");
    for (long left = bytes; left > 0; ) {
      buffer.clear().limit((int) Math.min(left, buffer.capacity()));
      left -= channel.write(buffer);
    }
    return receive();
  }

  private void send(String head) throws IOException {
    buffer.clear();
    buffer.put(head.getBytes(StandardCharsets.US_ASCII)).flip();
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private long receive() throws IOException {
    for (long bytes = 0; ; ) {
      buffer.clear();
      int n = channel.read(buffer);
      if (n < 0) {
        throw new EOFException("closed by the proxy after " + bytes + " bytes of its answer");
      }
      bytes += n;
      if (response.complete(buffer.flip())) {
        return bytes;
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
