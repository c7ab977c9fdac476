package io.proxyetc.internal.http.loop;

import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.conduits.ReadReadyHandler;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;
import org.xnio.conduits.WriteReadyHandler;

/**
 * The handshake of one connection. While it lasts, this class alone arms the socket and hears of
 * it; then {@link TlsSource} and {@link TlsSink} do.
 *
 * <pre>{@code
 * +--> READ  (the peer's bytes) -----+
 * +--> WRITE (room in the socket) ---+--> and on, until: done --> ready, fault --> failed
 * +--> TASKS (not the IO thread's) --+
 * }</pre>
 *
 * All of it runs on the connection's IO thread, but for the engine's tasks.
 */
final class TlsHandshake implements ReadReadyHandler, WriteReadyHandler {
  private static final Logger LOG = LoggerFactory.getLogger(TlsHandshake.class);

  private final TlsConnection connection;
  private final SSLEngine engine;
  private final TlsInlet inlet;
  private final TlsOutlet outlet;
  private final StreamSourceConduit source;
  private final StreamSinkConduit sink;
  private final Executor tasks;
  private final TlsReady ready;

  private boolean tasksRun;

  TlsHandshake(
      TlsConnection connection,
      StreamConnection plain,
      SSLEngine engine,
      TlsInlet inlet,
      TlsOutlet outlet,
      Executor tasks,
      TlsReady ready) {
    this.connection = connection;
    this.engine = engine;
    this.inlet = inlet;
    this.outlet = outlet;
    this.source = plain.getSourceChannel().getConduit();
    this.sink = plain.getSinkChannel().getConduit();
    this.tasks = tasks;
    this.ready = ready;
    source.setReadReadyHandler(this);
    sink.setWriteReadyHandler(this);
  }

  /** Goes on until it has to wait for something. */
  void advance() {
    if (!connection.handshaking() || tasksRun) {
      return;
    }
    try {
      exchange();
    } catch (IOException | RuntimeException e) {
      if (connection.handshaking()) {
        connection.fault(e);
        ready.failed(connection, e instanceof IOException io ? io : new IOException(e));
      }
    }
  }

  private void exchange() throws IOException {
    while (outlet.flush()) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK:
          runTasks();
          return;
        case NEED_WRAP:
          outlet.control();
          break;
        case NEED_UNWRAP:
        case NEED_UNWRAP_AGAIN:
          if (!inlet.handshake()) {
            awaitPeer();
            return;
          }
          break;
        default:
          done();
          return;
      }
    }
    source.suspendReads();
    sink.resumeWrites();
  }

  private void awaitPeer() throws IOException {
    if (inlet.ended()) {
      throw new EOFException("TLS: the peer closed the connection during the handshake");
    }
    sink.suspendWrites();
    source.resumeReads();
  }

  /** Key exchange and signatures take milliseconds: not on a thread that others wait for. */
  private void runTasks() {
    tasksRun = true;
    tasks.execute(
        () -> {
          try {
            while (!connection.closed()) { // else it would keep those waiting that are not
              Runnable task = engine.getDelegatedTask();
              if (task == null) {
                break;
              }
              task.run();
            }
          } finally {
            connection.onIoThread(this::tasksDone);
          }
        });
  }

  private void tasksDone() {
    tasksRun = false;
    advance();
  }

  private void done() {
    connection.handshakeDone();
    String protocol = engine.getApplicationProtocol();
    try {
      ready.ready(connection, protocol == null || protocol.isEmpty() ? "http/1.1" : protocol);
    } catch (RuntimeException e) {
      LOG.error("a connection could not be taken over after its TLS handshake", e);
      IoUtils.safeClose(connection);
    }
    // Only now, since the owner has most likely asked for reads: then nothing changes.
    connection.armSocket();
  }

  @Override
  public void readReady() {
    if (tasksRun || !connection.handshaking()) {
      source.suspendReads();
    } else {
      advance();
    }
  }

  @Override
  public void writeReady() {
    advance();
  }

  @Override
  public void forceTermination() {
    IoUtils.safeClose(connection);
  }

  @Override
  public void terminated() {}
}
