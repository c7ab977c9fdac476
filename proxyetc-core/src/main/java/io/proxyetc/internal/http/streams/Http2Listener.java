package io.proxyetc.internal.http.streams;

import io.proxyetc.Limits;
import io.proxyetc.internal.http.frames.FrameBuffers;
import io.proxyetc.internal.http.listen.Http2Acceptor;
import io.proxyetc.internal.http.listen.OpenConnections;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.message.Client;
import io.proxyetc.internal.http.message.Downstream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xnio.StreamConnection;

/** Serves HTTP/2. One per proxy; on the IO thread of each connection. */
public final class Http2Listener implements Http2Acceptor {
  private final Limits limits;
  private final Downstream.Handler handler;
  private final OpenConnections open;
  private final Map<IoLoop, FrameBuffers> buffers = new ConcurrentHashMap<>();

  public Http2Listener(Limits limits, Downstream.Handler handler, OpenConnections open) {
    this.limits = limits;
    this.handler = handler;
    this.open = open;
  }

  @Override
  public void serve(StreamConnection connection, IoLoop loop, Client client) {
    FrameBuffers ours = buffers.computeIfAbsent(loop, l -> new FrameBuffers());
    Http2Connection http =
        new Http2Connection(connection, loop, client, limits, handler, open, ours);
    open.opened(http, loop);
    http.start();
  }
}
