package io.proxyetc.internal.http.probe;

import io.proxyetc.HealthCheck;
import io.proxyetc.internal.health.Prober;
import io.proxyetc.internal.http.connect.Resolver;
import io.proxyetc.internal.target.AddressState;
import java.net.InetAddress;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** A check of one address, with what its probes have in common. */
final class SocketQuestion implements Prober.Question {
  private final SocketProber prober;
  private final HealthCheck check;
  private final String host;
  private final int port;
  private final @Nullable Supplier<SSLEngine> engines;
  private final byte[] request;
  private final InetAddress @Nullable [] literal; // null: the host is a name
  private int turn; // with which address of several a probe begins

  SocketQuestion(
      SocketProber prober,
      AddressState address,
      HealthCheck check,
      @Nullable Supplier<SSLEngine> engines) {
    boolean http = check.kind() == HealthCheck.Kind.HTTP;
    boolean tls = check.kind() == HealthCheck.Kind.TLS || (http && address.secure());
    if (tls && engines == null) {
      throw new IllegalArgumentException(
          address + ": a check over TLS (" + check.describe() + ") needs engines; pass them");
    }
    this.prober = prober;
    this.check = check;
    this.host = address.host();
    this.port = address.port();
    this.engines = tls ? engines : null;
    this.request = http ? ProbeRequest.bytes(address, check) : new byte[0];
    InetAddress itself = Resolver.literal(host);
    this.literal = itself == null ? null : new InetAddress[] {itself};
  }

  @Override
  public Prober.Probe ask(Prober.Outcome outcome) {
    SocketProbe probe = new SocketProbe(prober, this, outcome);
    probe.start();
    return probe;
  }

  HealthCheck check() {
    return check;
  }

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  byte[] request() {
    return request;
  }

  /** The engine for a connection; null: it goes without TLS. */
  @Nullable SSLEngine engine() {
    return engines == null ? null : engines.get();
  }

  /** What is known of the addresses; null: they have to be asked for. */
  InetAddress @Nullable [] known(Resolver resolver) {
    return literal != null ? literal : resolver.known(host);
  }

  /**
   * With which of the addresses to begin. Another one for each probe: one that swallows what it
   * gets must not hide the others, which traffic goes to in its place.
   */
  int nextTurn(int addresses) {
    turn = (turn + 1) % addresses;
    return turn;
  }
}
