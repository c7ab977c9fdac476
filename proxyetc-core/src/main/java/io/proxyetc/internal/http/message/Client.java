package io.proxyetc.internal.http.message;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** A client's connection: what is the same for all its requests. Immutable. */
public final class Client {
  private final InetSocketAddress peer;
  private final int port;
  private final boolean secure;
  private final byte[] address;

  /**
   * @param port of the listener
   * @param secure whether it came over TLS
   */
  public Client(InetSocketAddress peer, int port, boolean secure) {
    this.peer = peer;
    this.port = port;
    this.secure = secure;
    this.address = AddressText.of(peer.getAddress()).getBytes(StandardCharsets.US_ASCII);
  }

  public InetSocketAddress peer() {
    return peer;
  }

  /** The listener's port. */
  public int port() {
    return port;
  }

  public boolean secure() {
    return secure;
  }

  /** The client's address as {@link AddressText} has it, without brackets. Not to be changed. */
  public byte[] address() {
    return address;
  }

  public boolean ipv6() {
    return peer.getAddress() instanceof Inet6Address;
  }
}
