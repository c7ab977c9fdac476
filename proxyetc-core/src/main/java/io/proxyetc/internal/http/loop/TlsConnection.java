package io.proxyetc.internal.http.loop;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.Option;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;
import org.xnio.ssl.SslConnection;

/**
 * A plain connection with TLS over it. XNIO knows by its type that it is encrypted.
 *
 * <pre>{@code
 * HANDSHAKE --done--> OPEN --> CLOSED
 *     |                          ^
 *     +-- fault, time-out -------+
 * }</pre>
 *
 * On its IO thread, but for the end: any thread may close it, and what it keeps is freed on its
 * own.
 */
final class TlsConnection extends SslConnection {
  private enum Phase {
    HANDSHAKE,
    OPEN,
    CLOSED
  }

  private final StreamConnection plain;
  private final SSLEngine engine;
  private final TlsInlet inlet;
  private final TlsOutlet outlet;
  private final TlsSource source;
  private final TlsSink sink;
  private final TlsHandshake handshake;
  private final ChannelListener.SimpleSetter<SslConnection> handshakeSetter =
      new ChannelListener.SimpleSetter<>();

  private volatile Phase phase = Phase.HANDSHAKE;

  /** Written before the connection is closed, read when it is. */
  private volatile boolean abort;

  TlsConnection(
      StreamConnection plain,
      SSLEngine engine,
      TlsBuffers buffers,
      Executor tasks,
      TlsReady ready) {
    super(plain.getIoThread());
    this.plain = plain;
    this.engine = engine;
    StreamSourceConduit socketSource = plain.getSourceChannel().getConduit();
    StreamSinkConduit socketSink = plain.getSinkChannel().getConduit();
    TlsBuffers.Scratch scratch = buffers.of(plain.getIoThread());
    outlet = new TlsOutlet(engine, socketSink, scratch);
    inlet = new TlsInlet(engine, socketSource, scratch, outlet);
    source = new TlsSource(this, socketSource, inlet);
    sink = new TlsSink(this, socketSink, outlet);
    handshake = new TlsHandshake(this, plain, engine, inlet, outlet, tasks, ready);
    setSourceConduit(source);
    setSinkConduit(sink);
    plain.setCloseListener(closed -> IoUtils.safeClose(this));
  }

  /** Begins the handshake. */
  @Override
  public void startHandshake() throws IOException {
    engine.beginHandshake();
    handshake.advance();
  }

  boolean handshaking() {
    return phase == Phase.HANDSHAKE;
  }

  boolean open() {
    return phase == Phase.OPEN;
  }

  boolean closed() {
    return phase == Phase.CLOSED;
  }

  /** From now on the owner reads and writes. */
  void handshakeDone() {
    phase = Phase.OPEN;
    source.takeSocket();
    sink.takeSocket();
  }

  /** The owner has been told, and has asked for what it wants. */
  void armSocket() {
    if (open()) {
      source.armSocket();
      sink.armSocket();
    }
  }

  void onIoThread(Runnable command) {
    onIoThread(command, 0);
  }

  void onIoThread(Runnable command, int afterMillis) {
    try {
      getIoThread().executeAfter(command, afterMillis, TimeUnit.MILLISECONDS);
    } catch (RuntimeException e) {
      IoUtils.safeClose(this); // the thread ends
    }
  }

  boolean endedCleanly() {
    return inlet.endedCleanly();
  }

  void readsEnded() {
    readClosed();
  }

  void writesEnded() {
    writeClosed();
  }

  /** Closes, and tells the peer what it did wrong. */
  void fault(Exception why) {
    if (!closed() && !(why instanceof ClosedChannelException)) {
      outlet.alert();
    }
    IoUtils.safeClose(this);
  }

  /** Closes without telling the peer that all was sent. */
  void abort() {
    abort = true;
    IoUtils.safeClose(this);
  }

  /** Called once, when both sides are closed. */
  @Override
  protected void closeAction() {
    boolean open = open();
    phase = Phase.CLOSED;
    boolean ours = Thread.currentThread() == getIoThread();
    if (open && ours && !abort) {
      sayGoodbye();
    }
    if (ours) {
      free();
    } else {
      onIoThread(this::free);
    }
    IoUtils.safeClose(plain);
  }

  private void sayGoodbye() {
    if (!outlet.hasUnsent() && !outlet.closed()) {
      try {
        outlet.close();
      } catch (IOException | RuntimeException e) {
        // The peer has gone already.
      }
    }
  }

  private void free() {
    inlet.free();
    outlet.free();
  }

  @Override
  protected void notifyReadClosed() {
    source.tellEnd();
    super.notifyReadClosed();
  }

  @Override
  protected void notifyWriteClosed() {
    sink.tellEnd();
    super.notifyWriteClosed();
  }

  @Override
  public SSLSession getSslSession() {
    return engine.getSession();
  }

  @Override
  public ChannelListener.Setter<? extends SslConnection> getHandshakeSetter() {
    return handshakeSetter;
  }

  @Override
  public SocketAddress getPeerAddress() {
    return plain.getPeerAddress();
  }

  @Override
  public SocketAddress getLocalAddress() {
    return plain.getLocalAddress();
  }

  @Override
  public boolean supportsOption(Option<?> option) {
    return option == Options.SECURE || plain.supportsOption(option);
  }

  @Override
  public <T> @Nullable T getOption(Option<T> option) throws IOException {
    return option == Options.SECURE ? option.cast(Boolean.TRUE) : plain.getOption(option);
  }

  @Override
  public <T> @Nullable T setOption(Option<T> option, T value) throws IOException {
    return plain.setOption(option, value);
  }
}
