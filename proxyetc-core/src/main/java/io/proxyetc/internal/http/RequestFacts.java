package io.proxyetc.internal.http;

import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.relay.RealClient;
import io.proxyetc.internal.table.RequestKey;
import io.proxyetc.spi.RequestView;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request as the look-up and the balancers see it; where it has been is for {@link Candidates}.
 */
abstract class RequestFacts implements RequestKey, RequestView {
  private final Downstream downstream;
  private final Head head;
  private final RealClient clients;

  RequestFacts(Downstream downstream, RealClient clients) {
    this.downstream = downstream;
    this.head = downstream.request();
    this.clients = clients;
  }

  Head head() {
    return head;
  }

  /** Whether the client came over TLS, as far as it can be believed. */
  boolean secure() {
    return clients.secure(downstream);
  }

  @Override
  public byte[] hostBytes() {
    return head.lookupHost;
  }

  @Override
  public int hostFrom() {
    return head.lookupHostFrom;
  }

  @Override
  public int hostTo() {
    return head.lookupHostTo;
  }

  @Override
  public byte[] pathBytes() {
    return head.path;
  }

  @Override
  public int pathFrom() {
    return head.pathFrom;
  }

  @Override
  public int pathTo() {
    return head.pathTo;
  }

  @Override
  public boolean methodIs(String upperCase) {
    return head.methodIs(upperCase);
  }

  @Override
  public boolean headerIs(String lowerCaseName, String value) {
    for (int i = head.find(lowerCaseName, 0); i >= 0; i = head.find(lowerCaseName, i + 1)) {
      if (value.equals("*") || head.equals(head.valueFrom(i), head.valueTo(i), value)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public int listenerPort() {
    return downstream.client().port();
  }

  @Override
  public String method() {
    return head.method();
  }

  @Override
  public String path() {
    return head.path();
  }

  @Override
  public @Nullable String header(String name) {
    return head.first(name);
  }

  @Override
  public InetAddress client() {
    return clients.address(downstream);
  }
}
