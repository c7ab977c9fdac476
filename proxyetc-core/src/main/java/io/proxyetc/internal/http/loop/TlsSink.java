package io.proxyetc.internal.http.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.ConduitWritableByteChannel;
import org.xnio.conduits.Conduits;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.WriteReadyHandler;

/**
 * The writing half of a TLS connection, as XNIO sees it. The owner's resume and suspend go straight
 * to the socket; during the handshake they are remembered. One thing is added: the socket stays
 * armed while encrypted bytes wait that the owner believes written. On the connection's IO thread.
 */
final class TlsSink extends AbstractStreamSinkConduit<StreamSinkConduit>
    implements WriteReadyHandler {
  private final TlsConnection connection;
  private final TlsOutlet outlet;
  private final ByteBuffer[] single = new ByteBuffer[1];

  private boolean wanted;
  private boolean shutdown;
  private @Nullable WriteReadyHandler owner;

  TlsSink(TlsConnection connection, StreamSinkConduit socket, TlsOutlet outlet) {
    super(socket);
    this.connection = connection;
    this.outlet = outlet;
  }

  // What is written

  @Override
  public int write(ByteBuffer src) throws IOException {
    single[0] = src;
    return (int) write(single, 0, 1);
  }

  @Override
  public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
    if (shutdown || connection.closed()) {
      throw new ClosedChannelException();
    }
    if (connection.handshaking()) {
      return 0;
    }
    try {
      long written = outlet.write(srcs, offset, length);
      if (outlet.hasUnsent()) {
        next.resumeWrites();
      }
      return written;
    } catch (IOException | RuntimeException e) {
      connection.fault(e);
      throw e;
    }
  }

  @Override
  public int writeFinal(ByteBuffer src) throws IOException {
    return Conduits.writeFinalBasic(this, src);
  }

  @Override
  public long writeFinal(ByteBuffer[] srcs, int offset, int length) throws IOException {
    return Conduits.writeFinalBasic(this, srcs, offset, length);
  }

  @Override
  public long transferFrom(FileChannel src, long position, long count) throws IOException {
    return src.transferTo(position, count, new ConduitWritableByteChannel(this));
  }

  @Override
  public long transferFrom(StreamSourceChannel src, long count, ByteBuffer through)
      throws IOException {
    return IoUtils.transfer(src, count, through, new ConduitWritableByteChannel(this));
  }

  @Override
  public boolean flush() throws IOException {
    if (!connection.open()) {
      return connection.closed();
    }
    if (!outlet.flush()) {
      next.resumeWrites();
      return false;
    }
    if (shutdown) {
      outlet.close();
      if (!outlet.flush()) {
        next.resumeWrites();
        return false;
      }
      if (!next.isWriteShutdown()) {
        next.terminateWrites();
      }
      connection.writesEnded();
    }
    return connection.closed() || next.flush();
  }

  // When it is written

  /** The handshake is done: from now on the socket tells this class. */
  void takeSocket() {
    next.setWriteReadyHandler(this);
  }

  /** As the owner has asked meanwhile. */
  void armSocket() {
    if (wanted) {
      next.resumeWrites();
    } else if (!outlet.hasUnsent()) {
      next.suspendWrites();
    }
  }

  @Override
  public void resumeWrites() {
    wanted = true;
    if (connection.open()) {
      next.resumeWrites();
    }
  }

  @Override
  public void suspendWrites() {
    wanted = false;
    if (connection.open() && !outlet.hasUnsent()) {
      next.suspendWrites();
    }
  }

  @Override
  public void wakeupWrites() {
    resumeWrites();
    connection.onIoThread(this::writeReady);
  }

  /** The socket takes bytes. */
  @Override
  public void writeReady() {
    if (!connection.open()) {
      return;
    }
    try {
      if (!outlet.flush()) {
        return;
      }
    } catch (IOException e) {
      IoUtils.safeClose(connection);
      return;
    }
    WriteReadyHandler handler = owner;
    if (wanted && handler != null) {
      handler.writeReady();
    } else {
      next.suspendWrites();
    }
  }

  @Override
  public boolean isWriteResumed() {
    return wanted;
  }

  @Override
  public void setWriteReadyHandler(WriteReadyHandler handler) {
    owner = handler;
  }

  // The end

  @Override
  public void terminateWrites() throws IOException {
    shutdown = true;
  }

  @Override
  public void truncateWrites() throws IOException {
    shutdown = true;
    next.truncateWrites();
    connection.writesEnded();
  }

  @Override
  public boolean isWriteShutdown() {
    return shutdown || connection.closed();
  }

  /** Tells the owner that nothing more will be taken. */
  void tellEnd() {
    WriteReadyHandler handler = owner;
    if (handler != null) {
      handler.terminated();
    }
  }

  @Override
  public void forceTermination() {
    IoUtils.safeClose(connection);
  }

  /** The socket's end, of which the connection hears by itself. */
  @Override
  public void terminated() {}
}
