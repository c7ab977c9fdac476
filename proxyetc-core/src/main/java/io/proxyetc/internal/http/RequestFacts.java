package io.proxyetc.internal.http;

import io.proxyetc.internal.balance.CookieText;
import io.proxyetc.internal.balance.Hash64;
import io.proxyetc.internal.balance.HashView;
import io.proxyetc.internal.http.message.AddressText;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.relay.RealClient;
import io.proxyetc.internal.table.RequestKey;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A request as the look-up and the balancers see it; where it has been is for {@link Candidates}.
 */
abstract class RequestFacts implements RequestKey, HashView {
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

  @Override
  public long clientHash() {
    InetAddress address = clients.address(downstream);
    if (address.equals(downstream.client().peer().getAddress())) {
      byte[] text = downstream.client().address();
      return Hash64.of(text, 0, text.length);
    }
    return Hash64.of(AddressText.of(address)); // whom a trusted peer names has cost texts before
  }

  @Override
  public long pathHash() {
    return Hash64.of(head.path, head.pathFrom, head.pathTo);
  }

  @Override
  public long headerHash(String lowerCaseName) {
    int i = head.find(lowerCaseName, 0);
    return i < 0 ? 0 : hash(head.valueFrom(i), head.valueTo(i));
  }

  @Override
  public long cookieHash(String name) {
    // HTTP/2 clients may send several fields (RFC 9113, section 8.2.3).
    for (int i = head.find("cookie", 0); i >= 0; i = head.find("cookie", i + 1)) {
      long found = CookieText.find(head.bytes, head.valueFrom(i), head.valueTo(i), name);
      if (found != CookieText.NONE) {
        return hash(CookieText.from(found), CookieText.to(found));
      }
    }
    return 0;
  }

  private long hash(int from, int to) {
    return from == to ? 0 : Hash64.of(head.bytes, from, to);
  }
}
