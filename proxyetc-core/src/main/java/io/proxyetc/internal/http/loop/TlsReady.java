package io.proxyetc.internal.http.loop;

import java.io.IOException;
import org.xnio.StreamConnection;

/**
 * Hears how a TLS handshake ended: exactly one call, on the connection's IO thread, unless the
 * connection is closed by its owner before (a handshake has no time limit of its own).
 */
public interface TlsReady {
  /**
   * The handshake is done. Bytes may have arrived already: set the listeners, then read.
   *
   * @param protocol as it was negotiated: {@code h2} or {@code http/1.1}, the latter also where the
   *     peer does not negotiate
   */
  void ready(StreamConnection connection, String protocol);

  /** The handshake failed. The connection is closed, the peer was told why. */
  void failed(StreamConnection connection, IOException why);
}
