package io.proxyetc.internal.http.probe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Bytes to and from a target. Nothing blocks. On the prober's thread. */
interface Link {
  SocketChannel channel();

  /** Takes bytes to send; what the socket does not take at once waits for {@link #flush}. */
  void send(ByteBuffer bytes) throws IOException;

  /** Gives the socket what waits; true when nothing does. */
  boolean flush() throws IOException;

  /** Gives how many bytes were read; 0: none now; -1: no more will come. */
  int read(ByteBuffer into) throws IOException;

  /** Whether the last read took all that was there. */
  boolean drained();

  /** At once, whatever waits. */
  void close();
}
