package io.proxyetc.internal.http.listen;

import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.message.Client;
import org.xnio.StreamConnection;

/** Serves HTTP/2 on connections whose clients negotiated it. */
public interface Http2Acceptor {
  /** On the connection's IO thread. */
  void serve(StreamConnection connection, IoLoop loop, Client client);
}
