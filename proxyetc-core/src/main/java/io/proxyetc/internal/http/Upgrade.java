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

  /**
   * Whether the client asks for one: for one protocol, and no version of HTTP, whose requests would
   * pass by all routes. What asks otherwise goes to the target without its Upgrade.
   */
  static boolean asked(Downstream downstream) {
    Head head = downstream.request();
    if (!head.upgrade || head.minorVersion != 1 || downstream.bodyPending()) {
      return false;
    }
    String protocol = protocol(head);
    return !protocol.isEmpty()
        && !protocol.regionMatches(true, 0, "h2", 0, 2)
        && !protocol.regionMatches(true, 0, "http", 0, 4);
  }

  /** Whether the target switches to the protocol that it was asked for. */
  static boolean agreed(Head asked, Head answer) {
    return protocol(answer).equalsIgnoreCase(protocol(asked));
  }

  /** The one protocol that Upgrade names; empty where there is none, or a choice. */
  private static String protocol(Head head) {
    int i = head.find(FieldId.UPGRADE, 0);
    if (i < 0 || head.find(FieldId.UPGRADE, i + 1) >= 0) {
      return "";
    }
    String value = head.value(i);
    return value.indexOf(',') < 0 ? value.strip() : "";
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
    exchange.keepClient(sink);
    ResponseRelay.writeUpgrade(sink, from.head());
    downstream.commitInterim();
    byte[] early = from.inlet().takeUnread();
    StreamConnection client = downstream.flush() ? downstream.upgrade() : null;
    if (client == null) {
      exchange.onGone(new IOException("the client took no answer"));
      return;
    }
    Tunnel tunnel =
        new Tunnel(downstream.loop(), client, from.take(), idleNanos, exchange::onTunnelEnd);
    exchange.upgraded(tunnel);
    tunnel.start(early);
  }
}
