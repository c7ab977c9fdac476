package io.proxyetc.internal.http;

import io.proxyetc.internal.http.connect.UpstreamConnection;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.FieldId;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.message.HeadSink;
import io.proxyetc.internal.http.relay.ResponseRelay;
import io.proxyetc.internal.http.relay.Tunnel;
import java.io.IOException;
import org.xnio.StreamConnection;

/** The switch to another protocol than HTTP (RFC 9110, section 7.8). */
final class Upgrade {
  private Upgrade() {}

  /** Whether the client asks for one. */
  static boolean asked(Downstream downstream) {
    Head head = downstream.request();
    int i = head.upgrade && head.minorVersion == 1 ? head.find(FieldId.UPGRADE, 0) : -1;
    return i >= 0
        && !downstream.bodyPending()
        && !head.value(i).regionMatches(true, 0, "h2c", 0, 3);
  }

  /** Passes the target's 101 on; from there on bytes are relayed both ways. */
  static void switchProtocols(
      Exchange exchange,
      ResponseRelay responses,
      Downstream downstream,
      UpstreamConnection from,
      long idleNanos)
      throws IOException {
    HeadSink sink = downstream.interim(101);
    responses.write(sink, from.head(), null);
    ResponseRelay.writeUpgrade(sink, from.head());
    downstream.commitInterim();
    byte[] early = from.inlet().takeUnread();
    StreamConnection client = downstream.flush() ? downstream.upgrade() : null;
    if (client == null) {
      exchange.onGone(new IOException("the client took no answer"));
      return;
    }
    exchange.upgraded();
    new Tunnel(downstream.loop(), client, from.take(), idleNanos, exchange::onTunnelEnd)
        .start(early);
  }
}
