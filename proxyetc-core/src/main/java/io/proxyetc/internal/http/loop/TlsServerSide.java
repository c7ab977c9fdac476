package io.proxyetc.internal.http.loop;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.xnio.StreamConnection;

/** TLS over accepted connections. One per listener; safe for any IO thread. */
public final class TlsServerSide {
  private final Supplier<SSLEngine> engines;
  private final TlsBuffers buffers;
  private final Executor tasks;

  /**
   * @param engines makes the engine of a connection
   * @param buffers those of the proxy
   * @param tasks where key exchange and signatures run; may be XNIO's worker
   */
  public TlsServerSide(Supplier<SSLEngine> engines, TlsBuffers buffers, Executor tasks) {
    this.engines = engines;
    this.buffers = buffers;
    this.tasks = tasks;
  }

  /**
   * Begins the handshake on a connection that was just accepted. On the connection's IO thread.
   *
   * @param ready hears how it ended
   * @return what to close when the handshake takes too long; the same as {@code ready} gets
   */
  public StreamConnection accept(StreamConnection plain, TlsReady ready) {
    return TlsClientSide.start(plain, engines.get(), buffers, tasks, ready);
  }

  /**
   * Closes a connection such that the peer can tell the answer is not complete: without TLS's
   * notice of the end. For connections of any kind.
   */
  public static void abort(StreamConnection connection) {
    if (connection instanceof TlsConnection tls) {
      tls.abort();
    } else {
      try {
        connection.close();
      } catch (IOException e) {
        // It is closed all the same.
      }
    }
  }
}
