package io.proxyetc.internal.http.loop;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.Option;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.ssl.SslConnection;

/** A plain connection with TLS over it. Undertow knows by its type that it is encrypted. */
final class TlsConnection extends SslConnection {
  private final StreamConnection plain;
  private final SSLEngine engine;
  private final TlsConduit conduit;
  private final ChannelListener.SimpleSetter<SslConnection> handshakeSetter =
      new ChannelListener.SimpleSetter<>();

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
    conduit = new TlsConduit(this, plain, engine, buffers, tasks, ready);
    setSourceConduit(conduit);
    setSinkConduit(conduit);
    plain.setCloseListener(closed -> IoUtils.safeClose(this));
  }

  /** Begins the handshake. */
  @Override
  public void startHandshake() throws IOException {
    engine.beginHandshake();
    conduit.advance();
  }

  /** Closes without telling the peer that all was sent. */
  void abort() {
    abort = true;
    IoUtils.safeClose(this);
  }

  boolean endedCleanly() {
    return conduit.endedCleanly();
  }

  void readsEnded() {
    readClosed();
  }

  void writesEnded() {
    writeClosed();
  }

  @Override
  protected void closeAction() {
    conduit.close(!abort);
    IoUtils.safeClose(plain);
  }

  @Override
  protected void notifyReadClosed() {
    conduit.readTerminated();
    super.notifyReadClosed();
  }

  @Override
  protected void notifyWriteClosed() {
    conduit.writeTerminated();
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
