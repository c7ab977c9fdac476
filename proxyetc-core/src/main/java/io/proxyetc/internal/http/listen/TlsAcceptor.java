package io.proxyetc.internal.http.listen;

import io.proxyetc.Limits;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.loop.Loops;
import io.proxyetc.internal.http.loop.TimerWheel.Timer;
import io.proxyetc.internal.http.loop.TlsReady;
import io.proxyetc.internal.http.loop.TlsServerSide;
import io.proxyetc.internal.http.message.Client;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.AcceptingChannel;

/**
 * Takes TLS connections: the handshake in bounded time, then HTTP/2 or HTTP/1 as it was negotiated.
 */
public final class TlsAcceptor implements HttpListener.Acceptor {
  private static final Logger LOG = LoggerFactory.getLogger(TlsAcceptor.class);

  private final Loops loops;
  private final Limits limits;
  private final TlsServerSide tls;
  private final PlainAcceptor http1;
  private final Http2Acceptor http2;
  private final OpenConnections open;

  public TlsAcceptor(
      Loops loops,
      Limits limits,
      TlsServerSide tls,
      PlainAcceptor http1,
      Http2Acceptor http2,
      OpenConnections open) {
    this.loops = loops;
    this.limits = limits;
    this.tls = tls;
    this.http1 = http1;
    this.http2 = http2;
    this.open = open;
  }

  @Override
  public void handleEvent(AcceptingChannel<StreamConnection> socket) {
    try {
      for (StreamConnection c = socket.accept(); c != null; c = socket.accept()) {
        IoLoop loop = loops.of(c.getIoThread());
        loop.counters().add(Counter.ACCEPTED);
        new Handshake(loop, c).start();
      }
    } catch (IOException e) {
      LOG.debug("accepting failed", e);
    }
  }

  /** A handshake under way: it counts as a connection, until that does. */
  private final class Handshake implements TlsReady, OpenConnections.Closable {
    private final IoLoop loop;
    private final StreamConnection plain;
    private final Timer timer;
    private @Nullable StreamConnection secure;
    private boolean over;

    Handshake(IoLoop loop, StreamConnection plain) {
      this.loop = loop;
      this.plain = plain;
      this.timer = loop.wheel().timer(this::end);
    }

    void start() {
      open.opened(this, loop);
      timer.set(limits.headTimeout().toNanos());
      secure = tls.accept(plain, this);
    }

    private void end() {
      if (!over) {
        over = true;
        timer.remove();
        loop.counters().add(Counter.CLOSED);
        IoUtils.safeClose(secure);
        IoUtils.safeClose(plain);
        open.closed(this); // last, as with the connections that come of it
      }
    }

    /** It has no request yet. */
    @Override
    public void shutdown() {
      end();
    }

    @Override
    public void terminate() {
      end();
    }

    @Override
    public void ready(StreamConnection connection, String protocol) {
      Client client = PlainAcceptor.client(connection, true);
      if (over || client == null) {
        end();
        IoUtils.safeClose(connection);
        return;
      }
      over = true;
      timer.remove();
      if (protocol.equals("h2")) {
        http2.serve(connection, loop, client);
      } else {
        http1.serve(connection, loop, client);
      }
      open.closed(this);
    }

    @Override
    public void failed(StreamConnection connection, IOException why) {
      LOG.debug("TLS handshake failed", why);
      end();
    }
  }
}
