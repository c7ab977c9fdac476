package io.proxyetc.internal.http.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ConduitReadableByteChannel;
import org.xnio.conduits.ReadReadyHandler;
import org.xnio.conduits.StreamSourceConduit;

/**
 * The reading half of a TLS connection, as XNIO sees it. The owner's resume and suspend go straight
 * to the socket; during the handshake they are remembered. One thing is added: the owner is called
 * again while decrypted bytes wait that no socket would announce. On the connection's IO thread.
 */
final class TlsSource extends AbstractStreamSourceConduit<StreamSourceConduit>
    implements ReadReadyHandler {
  private static final int ROUNDS = 16;

  private final TlsConnection connection;
  private final TlsInlet inlet;

  private boolean wanted;
  private boolean due; // readAgain will be called
  private int rounds; // of reading again since the socket was looked at
  private boolean shutdown;
  private @Nullable ReadReadyHandler owner;

  TlsSource(TlsConnection connection, StreamSourceConduit socket, TlsInlet inlet) {
    super(socket);
    this.connection = connection;
    this.inlet = inlet;
  }

  // What is read

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (shutdown || connection.closed()) {
      return -1;
    }
    if (connection.handshaking()) {
      return 0;
    }
    try {
      int read = inlet.read(dst);
      if (read < 0) {
        terminateReads();
      }
      return read;
    } catch (IOException | RuntimeException e) {
      connection.fault(e);
      throw e;
    }
  }

  @Override
  public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
    long total = 0;
    for (int i = offset; i < offset + length; i++) {
      if (dsts[i].hasRemaining()) {
        int read = read(dsts[i]);
        if (read < 0) {
          return total == 0 ? -1 : total;
        }
        total += read;
        if (dsts[i].hasRemaining()) {
          break;
        }
      }
    }
    return total;
  }

  @Override
  public long transferTo(long position, long count, FileChannel target) throws IOException {
    return target.transferFrom(new ConduitReadableByteChannel(this), position, count);
  }

  @Override
  public long transferTo(long count, ByteBuffer through, StreamSinkChannel target)
      throws IOException {
    return IoUtils.transfer(new ConduitReadableByteChannel(this), count, through, target);
  }

  // When it is read

  /** The handshake is done: from now on the socket tells this class. */
  void takeSocket() {
    next.setReadReadyHandler(this);
  }

  /** As the owner has asked meanwhile. */
  void armSocket() {
    if (wanted) {
      resumeReads();
    } else {
      next.suspendReads();
    }
  }

  @Override
  public void resumeReads() {
    wanted = true;
    if (connection.open()) {
      next.resumeReads();
      if (inlet.holdsMore()) {
        readSoon();
      }
    }
  }

  @Override
  public void suspendReads() {
    wanted = false;
    if (!connection.handshaking()) {
      next.suspendReads();
    }
  }

  @Override
  public void wakeupReads() {
    resumeReads();
    readSoon();
  }

  /** The socket has bytes. */
  @Override
  public void readReady() {
    if (wanted && connection.open()) {
      rounds = 0;
      callOwner();
    } else {
      next.suspendReads();
    }
  }

  /**
   * XNIO runs tasks until there is none before it looks at its sockets again. After some rounds the
   * next one waits a moment, so that a peer who sends fast, or a reader who leaves what is there,
   * keeps nobody else from their turn.
   */
  private void readSoon() {
    if (due) {
      return;
    }
    due = true;
    boolean wait = ++rounds == ROUNDS;
    rounds = wait ? 0 : rounds;
    connection.onIoThread(this::readAgain, wait ? 1 : 0);
  }

  private void readAgain() {
    due = false;
    if (wanted && connection.open()) {
      callOwner();
    }
  }

  private void callOwner() {
    ReadReadyHandler handler = owner;
    if (handler != null) {
      handler.readReady();
    }
    if (wanted && !connection.closed() && inlet.holdsMore()) {
      readSoon();
    }
  }

  @Override
  public boolean isReadResumed() {
    return wanted;
  }

  @Override
  public void awaitReadable() throws IOException {
    if (!inlet.holdsMore()) {
      next.awaitReadable();
    }
  }

  @Override
  public void awaitReadable(long time, TimeUnit unit) throws IOException {
    if (!inlet.holdsMore()) {
      next.awaitReadable(time, unit);
    }
  }

  @Override
  public void setReadReadyHandler(ReadReadyHandler handler) {
    owner = handler;
  }

  // The end

  @Override
  public void terminateReads() throws IOException {
    if (!shutdown) {
      shutdown = true;
      if (!connection.closed()) {
        next.suspendReads();
      }
      connection.readsEnded();
    }
  }

  @Override
  public boolean isReadShutdown() {
    return shutdown || connection.closed();
  }

  /** Tells the owner that there will be no more. */
  void tellEnd() {
    ReadReadyHandler handler = owner;
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
