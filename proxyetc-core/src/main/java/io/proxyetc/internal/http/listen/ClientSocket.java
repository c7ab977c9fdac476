package io.proxyetc.internal.http.listen;

import io.proxyetc.internal.http.loop.TlsServerSide;
import io.proxyetc.internal.http.wire.Inlet;
import io.proxyetc.internal.http.wire.Outlet;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.conduits.ConduitStreamSourceChannel;

/**
 * The socket of a client's HTTP/1 connection, and the ways in which it is left. On the IO thread.
 *
 * <pre>{@code
 * OPEN --close----> CLOSED: an orderly end
 *   |----halfClose> HALF CLOSED --linger, till the client has closed or sends too much--> CLOSED
 *   |----cutShort-> CUT SHORT --close--> CLOSED: the client sees that not all has come
 *   `----handOver-> HANDED OVER: whoever has it closes it
 * }</pre>
 */
final class ClientSocket {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSocket.class);
  private static final int MAX_LINGER = 1024 * 1024;

  private final StreamConnection connection;
  private final Inlet inlet;
  private final Outlet outlet;
  private long lingered;
  private boolean cutShort;
  private boolean handedOver;

  ClientSocket(StreamConnection connection, Inlet inlet, Outlet outlet) {
    this.connection = connection;
    this.inlet = inlet;
    this.outlet = outlet;
  }

  /**
   * Ends the writing half: a socket closed with unread bytes would reset, and the client lose the
   * answer (RFC 9112, section 9.6). Gives false when there is nothing to {@link #linger} for.
   */
  boolean halfClose() {
    try {
      connection.getSinkChannel().shutdownWrites();
      connection.getSinkChannel().flush();
      return linger();
    } catch (IOException e) {
      return false;
    }
  }

  /** Reads whatever is there. Gives false when the client has closed, or sends too much. */
  boolean linger() throws IOException {
    inlet.free();
    for (int n = inlet.fill(); n != 0; n = inlet.fill()) {
      lingered += n;
      if (n < 0 || lingered > MAX_LINGER) {
        return false;
      }
      inlet.free();
    }
    return true;
  }

  /**
   * Prepares an end that the client is not to take for an orderly one.
   *
   * @param begun whether there is a response that tells by its framing that it is not complete
   * @param reset whether only a reset can tell it
   */
  void cutShort(boolean begun, boolean reset) {
    cutShort = true;
    try {
      if (begun && !reset) {
        outlet.flush(); // what there is: the framing tells that it is not all
      }
      connection.setOption(Options.CLOSE_ABORT, reset);
    } catch (IOException e) {
      LOG.debug("cannot reset {}", connection.getPeerAddress(), e);
    }
  }

  /**
   * Gives the bare connection, and what was read beyond the request, to another protocol.
   *
   * @param whenClosed called by whichever thread closes it
   */
  StreamConnection handOver(Runnable whenClosed) {
    byte[] unread = inlet.takeUnread();
    handedOver = true;
    ConduitStreamSourceChannel source = connection.getSourceChannel();
    source.setReadListener(null);
    source.suspendReads();
    if (unread != null) {
      source.setConduit(new PushBackConduit(source.getConduit(), ByteBuffer.wrap(unread)));
    }
    connection.setCloseListener(c -> whenClosed.run());
    return connection;
  }

  /** Forgets what is kept, and closes unless it is somebody else's. */
  void close() {
    inlet.free();
    outlet.free();
    if (cutShort && !handedOver) {
      TlsServerSide.abort(connection);
    } else if (!handedOver) {
      IoUtils.safeClose(connection);
    }
  }
}
