package io.proxyetc.internal.http.loop;

import java.io.IOException;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import org.xnio.StreamConnection;

/** TLS over connections to targets. One per proxy; safe for any IO thread. */
public final class TlsClientSide {
  private final TlsBuffers buffers;
  private final Executor tasks;

  /**
   * @param buffers those of the proxy
   * @param tasks where key exchange and signatures run
   */
  public TlsClientSide(TlsBuffers buffers, Executor tasks) {
    this.buffers = buffers;
    this.tasks = tasks;
  }

  /**
   * Begins the handshake on a connection that was just opened. On the connection's IO thread.
   *
   * @param engine {@code ClientTls.engine(…)}: with name, trust and session cache set
   * @param ready hears how it ended
   * @return what to close when the handshake takes too long; the same as {@code ready} gets
   */
  public StreamConnection wrap(StreamConnection plain, SSLEngine engine, TlsReady ready) {
    return start(plain, engine, buffers, tasks, ready);
  }

  /**
   * Whether the peer's -1 was said (close_notify) or the connection merely ended. Where a response
   * is delimited by its end, only the first one makes it complete (RFC 9112 §9.8). True for a
   * connection without TLS.
   */
  public static boolean endedCleanly(StreamConnection connection) {
    return !(connection instanceof TlsConnection tls) || tls.endedCleanly();
  }

  static StreamConnection start(
      StreamConnection plain,
      SSLEngine engine,
      TlsBuffers buffers,
      Executor tasks,
      TlsReady ready) {
    TlsConnection connection = new TlsConnection(plain, engine, buffers, tasks, ready);
    try {
      connection.startHandshake();
    } catch (IOException e) {
      TlsServerSide.abort(connection);
      ready.failed(connection, e);
    }
    return connection;
  }
}
