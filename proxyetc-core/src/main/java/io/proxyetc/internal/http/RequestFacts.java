package io.proxyetc.internal.http;

import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.FieldId;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.relay.RequestRelay;
import io.proxyetc.internal.table.RequestKey;
import io.proxyetc.spi.RequestView;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * A request as the look-up and the balancers see it; where it has been is for {@link Candidates}.
 */
abstract class RequestFacts implements RequestKey, RequestView {
  private final Downstream downstream;
  private final Head head;
  private final RequestRelay relay;

  RequestFacts(Downstream downstream, RequestRelay relay) {
    this.downstream = downstream;
    this.head = downstream.request();
    this.relay = relay;
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

  /** The peer, or whom a believed peer names last in X-Forwarded-For. */
  @Override
  public InetAddress client() {
    InetAddress peer = downstream.client().peer().getAddress();
    String named = relay.trusts(downstream.client()) ? head.first(FieldId.X_FORWARDED_FOR) : null;
    if (named == null) {
      return peer;
    }
    String last = named.substring(named.lastIndexOf(',') + 1).strip();
    boolean literal =
        !last.isEmpty()
            && last.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == '.' || c == ':');
    try {
      return literal ? InetAddress.getByName(last) : peer;
    } catch (UnknownHostException e) {
      return peer;
    }
  }
}
