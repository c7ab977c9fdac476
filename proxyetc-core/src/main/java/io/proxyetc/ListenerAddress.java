package io.proxyetc;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * A listener as it was bound.
 *
 * @param protocol {@code http} or {@code https}
 * @param host the host as it was configured
 * @param port the real port, also where 0 was asked for
 * @param bound every address bound: {@code localhost} stands for both IPv4 and IPv6
 */
public record ListenerAddress(
    String protocol, String host, int port, List<InetSocketAddress> bound) {
  /** The address as a URL: {@code http://localhost:8080}. */
  public String url() {
    return protocol + "://" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
