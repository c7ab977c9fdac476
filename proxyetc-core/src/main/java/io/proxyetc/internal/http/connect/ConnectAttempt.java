package io.proxyetc.internal.http.connect;

import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.LoopCounters.Counter;
import io.proxyetc.internal.http.loop.TimerWheel.Timer;
import io.proxyetc.internal.http.loop.TlsClientSide;
import io.proxyetc.internal.http.loop.TlsReady;
import io.proxyetc.internal.target.AddressState;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.internal.tls.TargetEngines;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.IoFuture;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;

/**
 * A new connection to a target: its name is resolved, its addresses are tried one after the other,
 * the handshake is made. One deadline for all of it, of which each address but the last has its
 * share.
 *
 * <pre>{@code
 * start -> [resolving] -> connecting (next address after a failure) -> [handshake] -> connected
 *      \________________________ failed, timed out, cancelled __________________/
 * }</pre>
 */
final class ConnectAttempt
    implements Connector.Attempt, Resolver.Listener, TlsReady, ChannelListener<StreamConnection> {
  private static final OptionMap OPTIONS =
      OptionMap.create(Options.TCP_NODELAY, true, Options.KEEP_ALIVE, true);

  private final IoLoop loop;
  private final AddressState address;
  private final Resolver resolver;
  private final TlsClientSide tls;
  private final @Nullable TargetEngines engines;
  private final UpstreamPool pool;
  private final Connector.Client client;
  private final Timer deadline;
  private final Timer turn; // of one address, where there are several
  private final long timeoutNanos;
  private final DeadAddresses dead;

  private InetAddress[] addresses = {};
  private int tried;
  private @Nullable StreamConnection handshaking;
  private @Nullable IoFuture<StreamConnection> connecting;
  private boolean over;

  ConnectAttempt(
      IoLoop loop,
      Connector.Wanted wanted,
      Resolver resolver,
      TlsClientSide tls,
      UpstreamPool pool,
      DeadAddresses dead) {
    this.loop = loop;
    this.address = wanted.address();
    this.resolver = resolver;
    this.tls = tls;
    this.engines = wanted.engines();
    this.pool = pool;
    this.client = wanted.client();
    this.deadline = loop.wheel().timer(this::onTimeout);
    this.turn = loop.wheel().timer(this::onTurnOver);
    this.timeoutNanos = wanted.timeoutNanos();
    this.dead = dead;
    deadline.set(timeoutNanos);
  }

  void start() {
    pool.begun(this);
    InetAddress[] known = resolver.known(address.host());
    if (known != null) {
      onResolved(known);
    } else {
      resolver.resolve(address.host(), loop::execute, this);
    }
  }

  @Override
  public void onResolved(InetAddress[] found) {
    if (over) {
      return;
    }
    addresses = dead.last(found, loop.random(found.length)); // all of them get their turn
    next();
  }

  @Override
  public void onUnknown(UnknownHostException cause) {
    fail(new UnknownHostException("'" + address.host() + "' cannot be resolved"));
  }

  private void next() {
    InetAddress ip = addresses[tried++];
    int which = tried;
    // One that swallows what it gets must leave time for the others.
    turn.set(tried < addresses.length ? timeoutNanos / addresses.length : 0);
    IoFuture<StreamConnection> future =
        loop.thread()
            .openStreamConnection(new InetSocketAddress(ip, address.port()), this, null, OPTIONS);
    connecting = future;
    future.addNotifier(
        (f, none) -> {
          if (f.getStatus() == IoFuture.Status.FAILED) {
            IOException cause = f.getException();
            loop.execute(() -> onConnectFailed(which, cause));
          }
        },
        null);
  }

  private void onTurnOver() {
    IoFuture<StreamConnection> late = connecting;
    connecting = null;
    if (late != null) {
      late.cancel();
      onConnectFailed(tried, new SocketTimeoutException("no answer from " + address));
    }
  }

  private void onConnectFailed(int which, IOException cause) {
    if (over || which != tried) {
      return; // its turn was over before
    }
    dead.add(addresses[tried - 1]);
    if (tried < addresses.length) {
      next();
    } else {
      fail(cause instanceof ConnectException ? cause : new IOException(String.valueOf(cause)));
    }
  }

  @Override
  public void handleEvent(StreamConnection connected) {
    connecting = null;
    turn.cancel();
    if (over) {
      IoUtils.safeClose(connected);
    } else if (engines != null) {
      handshaking = tls.wrap(connected, engines.engine(address.host(), address.port()), this);
    } else {
      succeed(connected);
    }
  }

  @Override
  public void ready(StreamConnection secure, String protocol) {
    handshaking = null;
    if (over) {
      IoUtils.safeClose(secure);
    } else {
      succeed(secure);
    }
  }

  @Override
  public void failed(StreamConnection secure, IOException why) {
    fail(why);
  }

  private void succeed(StreamConnection connection) {
    over = true;
    pool.ended(this);
    deadline.remove();
    turn.remove();
    String host = address.host();
    NameCheck name =
        NameCheck.needless(host)
            ? null
            : new NameCheck(
                resolver::known,
                host,
                addresses[tried - 1],
                resolver.freshNanos(),
                System.nanoTime());
    UpstreamConnection upstream = pool.opened(address, connection, name);
    upstream.use(client);
    client.onConnected(upstream);
  }

  private void onTimeout() {
    fail(new SocketTimeoutException("no connection to " + address + " in time"));
  }

  private void fail(IOException cause) {
    if (!over) {
      cancel();
      loop.counters().add(Counter.UPSTREAM_FAILED);
      client.onConnectFailed(cause);
    }
  }

  /** Whoever wants the connection goes elsewhere where it was to lead to this target. */
  void cut(TargetState target) {
    if (!over && client.holds(target)) {
      client.onCut();
    }
  }

  @Override
  public void cancel() {
    if (over) {
      return;
    }
    over = true;
    pool.ended(this);
    deadline.remove();
    turn.remove();
    address.closed();
    if (connecting != null) {
      connecting.cancel();
    }
    IoUtils.safeClose(handshaking);
  }
}
