package io.proxyetc.internal.http;

import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.FieldId;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.relay.RealClient;
import io.proxyetc.internal.http.respond.AccessEntry;
import io.proxyetc.internal.http.respond.AccessLogWriter;
import io.proxyetc.internal.target.TargetState;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Hands each exchange to the access log. On IO threads; the log writes on its own. */
public final class AccessLogging implements ExchangeLog {
  private final AccessLogWriter writer;
  private final RealClient clients;

  public AccessLogging(AccessLogWriter writer, RealClient clients) {
    this.clients = clients;
    this.writer = writer;
  }

  @Override
  public void done(Downstream downstream, Outcome outcome) {
    Head head = downstream.request();
    HttpRoute route = outcome.route();
    TargetState target = outcome.target();
    boolean http2 = head.minorVersion == 2;
    boolean path = head.pathTo > head.pathFrom;
    boolean line = path || http2; // there is a request line, and it can be read
    writer.offer(
        new AccessEntry(
            System.currentTimeMillis(),
            clients.text(downstream),
            line ? orNull(head.method()) : null,
            path && !head.methodIs("CONNECT") ? head.target() : null,
            http2 ? "HTTP/2.0" : line ? "HTTP/1." + head.minorVersion : null,
            outcome.status(),
            outcome.bytes(),
            head.first(FieldId.REFERER),
            head.first(FieldId.USER_AGENT),
            outcome.nanos(),
            target == null ? null : target.target().address(),
            route == null ? null : route.route().id(),
            requestId(head)));
  }

  /** The one that the target got. */
  private static @Nullable String requestId(Head head) {
    return head.idMade
        ? HexFormat.of().toHexDigits(head.idHigh) + HexFormat.of().toHexDigits(head.idLow)
        : head.first(FieldId.X_REQUEST_ID);
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
