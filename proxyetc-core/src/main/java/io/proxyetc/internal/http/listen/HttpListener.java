package io.proxyetc.internal.http.listen;

import io.proxyetc.ListenerAddress;
import io.proxyetc.ProxyException;
import io.proxyetc.ProxyServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/**
 * A listener of the configuration: one or several sockets on the same port. Binding and closing are
 * for any thread and may block shortly.
 */
public final class HttpListener implements ConnectionLimit.Gate {
  private static final int BACKLOG = 4096;
  private static final int FREE_PORT_TRIES = 20;
  private static final OptionMap OPTIONS =
      OptionMap.builder()
          .set(Options.BACKLOG, BACKLOG)
          .set(Options.REUSE_ADDRESSES, true)
          .set(Options.TCP_NODELAY, true)
          .set(Options.KEEP_ALIVE, true)
          .getMap();

  private final ProxyServer.Builder.Listen wanted;
  private final List<AcceptingChannel<StreamConnection>> sockets;

  private HttpListener(
      ProxyServer.Builder.Listen wanted, List<AcceptingChannel<StreamConnection>> sockets) {
    this.wanted = wanted;
    this.sockets = sockets;
  }

  /**
   * Binds; nothing is accepted before {@link #open}.
   *
   * @param max connections of each socket. The thread that accepts counts them itself: from others
   *     it would hear of the last one that may be only when it has taken a hundred more
   * @throws ProxyException where an address cannot be bound
   */
  public static HttpListener bind(
      XnioWorker worker, ProxyServer.Builder.Listen wanted, Acceptor acceptor, int max) {
    OptionMap options =
        OptionMap.builder()
            .addAll(OPTIONS)
            .set(Options.CONNECTION_HIGH_WATER, max)
            .set(Options.CONNECTION_LOW_WATER, max)
            .getMap();
    for (int i = 1; ; i++) {
      try {
        List<InetAddress> hosts = addresses(wanted.host());
        return new HttpListener(wanted, bindAll(worker, hosts, wanted.port(), acceptor, options));
      } catch (IOException e) {
        // A port that is free on one address may be taken on the next: then another free one.
        if (wanted.port() != 0 || e instanceof UnknownHostException || i == FREE_PORT_TRIES) {
          throw BindFault.of(wanted, e);
        }
      }
    }
  }

  private static List<InetAddress> addresses(String host) throws UnknownHostException {
    if (host.equals("*")) {
      return List.of(InetAddress.getAllByName("::"));
    }
    if (host.equals("localhost")) {
      return Stream.of("127.0.0.1", "::1").map(HttpListener::literal).toList();
    }
    return List.of(InetAddress.getByName(host));
  }

  private static InetAddress literal(String address) {
    return new InetSocketAddress(address, 0).getAddress();
  }

  private static List<AcceptingChannel<StreamConnection>> bindAll(
      XnioWorker worker, List<InetAddress> hosts, int port, Acceptor acceptor, OptionMap options)
      throws IOException {
    List<AcceptingChannel<StreamConnection>> sockets = new ArrayList<>();
    int actual = port;
    try {
      for (InetAddress host : hosts) {
        try {
          AcceptingChannel<StreamConnection> socket =
              worker.createStreamConnectionServer(
                  new InetSocketAddress(host, actual), acceptor, options);
          sockets.add(socket);
          actual = address(socket).getPort();
        } catch (java.net.SocketException e) {
          // A machine without IPv6 still has a localhost.
          if (sockets.isEmpty() || !unsupported(e)) {
            throw e;
          }
        }
      }
    } catch (IOException e) {
      sockets.forEach(IoUtils::safeClose);
      throw e;
    }
    return sockets;
  }

  private static boolean unsupported(java.net.SocketException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains("assign requested address")
        || message.contains("family not supported")
        || message.contains("Protocol family unavailable");
  }

  private static InetSocketAddress address(AcceptingChannel<StreamConnection> socket) {
    return socket.getLocalAddress(InetSocketAddress.class);
  }

  /** Begins to accept. */
  @Override
  public void open() {
    sockets.forEach(AcceptingChannel::resumeAccepts);
  }

  /** Does not accept for a while. */
  @Override
  public void pause() {
    sockets.forEach(AcceptingChannel::suspendAccepts);
  }

  /** Frees the port. */
  public void close() {
    sockets.forEach(IoUtils::safeClose);
  }

  /** As it was bound. */
  public ListenerAddress address() {
    List<InetSocketAddress> bound = sockets.stream().map(HttpListener::address).toList();
    return new ListenerAddress(
        wanted.tls().isPresent() ? "https" : "http", wanted.host(), bound.get(0).getPort(), bound);
  }

  /** Takes new connections. On the IO thread of each. */
  public interface Acceptor extends ChannelListener<AcceptingChannel<StreamConnection>> {}
}
