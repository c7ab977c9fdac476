package io.proxyetc.internal.http.listen;

import io.proxyetc.Limits;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.loop.Loops;
import io.proxyetc.internal.http.message.Client;
import io.proxyetc.internal.http.message.Downstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.AcceptingChannel;

/** Takes plain HTTP/1 connections. */
public final class PlainAcceptor implements HttpListener.Acceptor {
  private static final Logger LOG = LoggerFactory.getLogger(PlainAcceptor.class);

  private final Loops loops;
  private final Limits limits;
  private final Downstream.Handler handler;
  private final OpenConnections open;

  public PlainAcceptor(
      Loops loops, Limits limits, Downstream.Handler handler, OpenConnections open) {
    this.loops = loops;
    this.limits = limits;
    this.handler = handler;
    this.open = open;
  }

  @Override
  public void handleEvent(AcceptingChannel<StreamConnection> socket) {
    try {
      for (StreamConnection c = socket.accept(); c != null; c = socket.accept()) {
        IoLoop loop = loops.of(c.getIoThread());
        Client client = client(c, false);
        loop.counters().add(Counter.ACCEPTED);
        if (client == null) {
          IoUtils.safeClose(c);
          loop.counters().add(Counter.CLOSED);
        } else {
          serve(c, loop, client);
        }
      }
    } catch (IOException e) {
      LOG.debug("accepting failed", e);
    }
  }

  /** Serves HTTP/1 on a connection. */
  public void serve(StreamConnection connection, IoLoop loop, Client client) {
    Http1Connection http = new Http1Connection(connection, loop, client, limits, handler, open);
    open.opened(http, loop);
    http.start();
  }

  /** Null: the peer has gone already. */
  static @org.jspecify.annotations.Nullable Client client(StreamConnection c, boolean secure) {
    InetSocketAddress peer = c.getPeerAddress(InetSocketAddress.class);
    InetSocketAddress local = c.getLocalAddress(InetSocketAddress.class);
    return peer == null || local == null ? null : new Client(peer, local.getPort(), secure);
  }
}
