package io.proxyetc.internal.http.connect;

import io.proxyetc.internal.target.AddressState;
import java.io.IOException;
import org.xnio.StreamConnection;

/** Puts TLS over a new connection to a target. On the IO thread; must not block. */
public interface TlsWrapper {
  /** Begins the handshake; the listener hears of its end. */
  void wrap(StreamConnection plain, AddressState address, Listener listener);

  /** Who waits for a handshake. On the IO thread. */
  interface Listener {
    void onSecure(StreamConnection secure);

    void onHandshakeFailed(IOException cause);
  }
}
