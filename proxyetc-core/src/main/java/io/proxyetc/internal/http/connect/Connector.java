package io.proxyetc.internal.http.connect;

import io.proxyetc.Limits;
import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.loop.TlsClientSide;
import io.proxyetc.internal.target.AddressState;
import io.proxyetc.internal.target.TargetState;
import io.proxyetc.internal.tls.TargetEngines;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives connections to targets for one IO thread: an idle one, or a new one. Only on that thread.
 */
public final class Connector {
  /** Who wants a connection. On the IO thread. */
  public interface Client extends UpstreamConnection.User {
    /** There is room for a new one, which is being opened. */
    void onRoom();

    /** Here it is. May be called before {@link Connector#connect} returns. */
    void onConnected(UpstreamConnection connection);

    /**
     * No address of the target took a connection in time. A {@link java.net.ConnectException} says
     * that it was refused.
     */
    void onConnectFailed(IOException cause);

    /** The target has as many connections as it may have. */
    void onFull();
  }

  private final IoLoop loop;
  private final UpstreamPool pool;
  private final Resolver resolver;
  private final TlsClientSide tls;
  private final int maxSockets;
  private final List<Connector> all;
  private final DeadAddresses dead = new DeadAddresses(System::nanoTime);

  /**
   * @param all the connectors of all IO threads, this one included: to ask for an idle connection's
   *     place
   */
  public Connector(
      IoLoop loop, Limits limits, Resolver resolver, TlsClientSide tls, List<Connector> all) {
    this.loop = loop;
    this.pool = new UpstreamPool(loop, limits);
    this.resolver = resolver;
    this.tls = tls;
    this.maxSockets = limits.maxSockets();
    this.all = all;
  }

  /** Closes all connections, soon. Any thread. */
  public void close() {
    loop.execute(pool::close);
  }

  /**
   * Ends what is under way for a target that has to go, soon; not where it has come back meanwhile,
   * as requests may be new ones. Any thread.
   */
  public void cut(TargetState target) {
    loop.execute(
        () -> {
          if (target.isCut()) {
            pool.cut(target);
          }
        });
  }

  /**
   * What a request wants.
   *
   * @param engines for an address that is reached over TLS
   * @param timeoutNanos for all that it takes to connect
   */
  record Wanted(
      AddressState address, @Nullable TargetEngines engines, long timeoutNanos, Client client) {}

  /**
   * A connection for one request.
   *
   * @param engines for an address that is reached over TLS
   * @param anew whether only a new one will do
   * @return what is under way if it takes time, so that it can be given up
   */
  public Attempt connect(
      AddressState address,
      @Nullable TargetEngines engines,
      long timeoutNanos,
      boolean anew,
      Client client) {
    UpstreamConnection idle = anew ? null : pool.poll(address);
    if (idle != null) {
      idle.use(client);
      client.onConnected(idle);
      return Attempt.DONE;
    }
    Wanted wanted = new Wanted(address, engines, timeoutNanos, client);
    if (mayOpen(address) || (evict(address) && mayOpen(address))) {
      return open(wanted);
    }
    RoomAttempt attempt = new RoomAttempt(this, wanted);
    attempt.start(all);
    return attempt;
  }

  IoLoop loop() {
    return loop;
  }

  /** Whether a socket may be opened; then {@link #open} must follow. */
  boolean mayOpen(AddressState address) {
    return address.tryOpen(maxSockets);
  }

  Attempt open(Wanted wanted) {
    wanted.client().onRoom();
    ConnectAttempt attempt = new ConnectAttempt(loop, wanted, resolver, tls, pool, dead);
    attempt.start();
    return attempt;
  }

  /** Closes an idle connection to make room for the caller. Gives false if there is none. */
  boolean evict(AddressState address) {
    return pool.evict(address);
  }

  /** Something under way that can be given up. */
  public interface Attempt {
    Attempt DONE = () -> {};

    /** Gives up: the client hears nothing more. */
    void cancel();
  }
}
