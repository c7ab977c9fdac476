package io.proxyetc.internal.http.relay;

import io.proxyetc.internal.http.loop.IoLoop;
import io.proxyetc.internal.http.message.Client;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.FieldId;
import io.proxyetc.internal.http.message.Head;
import io.proxyetc.internal.http.wire.HeadWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes the head that the target gets: framing made anew, fields of the hop dropped (RFC 9110,
 * section 7.6.1), and what the target should know of the client added. Immutable; any IO thread.
 */
public final class RequestRelay {
  private static final byte[] HTTP_1_1 = ascii(" HTTP/1.1\r\nHost: ");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] UPGRADE = ascii("Connection: Upgrade\r\n");
  private static final byte[] TE_TRAILERS = ascii("TE: trailers\r\nConnection: TE\r\n");
  private static final byte[] FOR = ascii("X-Forwarded-For: ");
  private static final byte[] PROTO = ascii("X-Forwarded-Proto: ");
  private static final byte[] HOST = ascii("X-Forwarded-Host: ");
  private static final byte[] PORT = ascii("X-Forwarded-Port: ");
  private static final byte[] FORWARDED = ascii("Forwarded: ");
  private static final byte[] FORWARDED_FOR = ascii("for=");
  private static final byte[] FORWARDED_FOR_6 = ascii("for=\"[");
  private static final byte[] FORWARDED_HOST = ascii(";host=\"");
  private static final byte[] FORWARDED_PROTO = ascii(";proto=");
  private static final byte[] REQUEST_ID = ascii("X-Request-Id: ");
  private static final byte[] LIST = ascii(", ");
  private static final byte[] HTTP = ascii("http");
  private static final byte[] HTTPS = ascii("https");
  private static final int MAX_REQUEST_ID = 128;

  private final RealClient clients;
  private final byte[] via; // a whole field
  private final String pseudonym;

  /**
   * @param pseudonym what this proxy calls itself in Via: no other one's name, or loops are seen
   *     where there are none
   */
  public RequestRelay(RealClient clients, String pseudonym) {
    this.clients = clients;
    this.pseudonym = pseudonym;
    this.via = ascii("Via: 1.1 " + pseudonym + "\r\n");
  }

  /** What a route changes. */
  public record Rules(
      @Nullable CompiledRules fields, @Nullable PathRewrite path, byte @Nullable [] host) {}

  /** Whether the request has been here before (RFC 9110, section 7.6.3). */
  public boolean loops(Head head) {
    for (int i = head.find(FieldId.VIA, 0); i >= 0; i = head.find(FieldId.VIA, i + 1)) {
      if (head.value(i).contains(pseudonym)) {
        return true;
      }
    }
    return false;
  }

  /** Writes the head of the request. */
  public void write(HeadWriter w, Downstream from, Rules rules, boolean upgrade) {
    Head head = from.request();
    startLine(w, head, rules);
    boolean believed = clients.believes(from.client());
    boolean id = fields(w, head, rules.fields(), believed, upgrade);
    w.raw(via);
    client(w, from.client(), head, rules.fields(), believed);
    if (!id && !dropped(rules.fields(), "x-request-id")) {
      requestId(w, head, from.loop());
    }
    if (rules.fields() != null) {
      rules.fields().write(w);
    }
    framing(w, head, upgrade);
    w.crlf();
  }

  private static void startLine(HeadWriter w, Head head, Rules rules) {
    w.raw(head.bytes, head.methodFrom, head.methodTo);
    w.raw(' ');
    if (head.asterisk) {
      w.raw('*');
    } else {
      if (rules.path() == null) {
        w.raw(head.path, head.pathFrom, head.pathTo);
      } else {
        rules.path().write(w, head);
      }
      w.raw(head.bytes, head.queryFrom, head.queryTo);
    }
    w.raw(HTTP_1_1);
    if (rules.host() == null) {
      w.raw(head.bytes, head.hostFrom, head.hostTo);
    } else {
      w.raw(rules.host());
    }
    w.crlf();
  }

  /** The client's own fields; gives whether a request id was among them. */
  private static boolean fields(
      HeadWriter w, Head head, @Nullable CompiledRules rules, boolean believed, boolean upgrade) {
    boolean id = false;
    for (int i = 0; i < head.count(); i++) {
      FieldId field = head.id(i);
      if ((field != FieldId.OTHER && !passes(head, i, field, believed, upgrade))
          || (head.listedInConnection(i) && field != FieldId.UPGRADE)
          || (rules != null && rules.drops(head, i))) {
        continue;
      }
      id |= field == FieldId.X_REQUEST_ID;
      w.field(head, i);
    }
    return id;
  }

  private static boolean passes(
      Head head, int i, FieldId field, boolean believed, boolean upgrade) {
    return switch (field) {
      case HOST -> false;
      case UPGRADE ->
          upgrade; // Connection lists it: that makes it the hop's, and an upgrade passes it on
      case FORWARDED, X_FORWARDED_FOR -> false; // joined with ours where they are believed
      case X_FORWARDED_PROTO, X_FORWARDED_HOST, X_FORWARDED_PORT -> believed;
      case X_REQUEST_ID -> sane(head, i);
      default -> !field.hopByHop();
    };
  }

  /** One id, of a reasonable length, of characters that are harmless in logs and pages. */
  private static boolean sane(Head head, int i) {
    int from = head.valueFrom(i);
    int to = head.valueTo(i);
    boolean one =
        head.find(FieldId.X_REQUEST_ID, 0) == i && head.find(FieldId.X_REQUEST_ID, i + 1) < 0;
    boolean ok = one && to > from && to - from <= MAX_REQUEST_ID;
    for (int at = from; ok && at < to; at++) {
      int c = head.bytes[at];
      int lower = c | 0x20;
      ok = (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') || "-_.~+/=:".indexOf(c) >= 0;
    }
    return ok;
  }

  private static boolean dropped(@Nullable CompiledRules rules, String name) {
    return rules != null && rules.drops(name);
  }

  private void client(
      HeadWriter w, Client client, Head head, @Nullable CompiledRules rules, boolean believed) {
    if (!dropped(rules, "x-forwarded-for")) {
      w.raw(FOR);
      joined(w, head, FieldId.X_FORWARDED_FOR, believed);
      w.raw(client.address());
      w.crlf();
    }
    if (!(believed && RealClient.said(head, FieldId.X_FORWARDED_PROTO))
        && !dropped(rules, "x-forwarded-proto")) {
      w.raw(PROTO);
      w.raw(client.secure() ? HTTPS : HTTP);
      w.crlf();
    }
    if (!(believed && RealClient.said(head, FieldId.X_FORWARDED_HOST))
        && !dropped(rules, "x-forwarded-host")) {
      w.raw(HOST);
      w.raw(head.bytes, head.hostFrom, head.hostTo);
      w.crlf();
    }
    if (!(believed && RealClient.said(head, FieldId.X_FORWARDED_PORT))
        && !dropped(rules, "x-forwarded-port")) {
      w.raw(PORT);
      w.number(client.port());
      w.crlf();
    }
    if (!dropped(rules, "forwarded")) {
      forwarded(w, client, head, believed);
    }
  }

  /** RFC 7239, section 4. */
  private static void forwarded(HeadWriter w, Client client, Head head, boolean believed) {
    w.raw(FORWARDED);
    joined(w, head, FieldId.FORWARDED, believed);
    if (client.ipv6()) {
      w.raw(FORWARDED_FOR_6);
      w.raw(client.address());
      w.raw(']');
      w.raw('"');
    } else {
      w.raw(FORWARDED_FOR);
      w.raw(client.address());
    }
    w.raw(FORWARDED_HOST);
    w.raw(head.bytes, head.hostFrom, head.hostTo);
    w.raw('"');
    w.raw(FORWARDED_PROTO);
    w.raw(client.secure() ? HTTPS : HTTP);
    w.crlf();
  }

  /** What a believed peer said before, for ours to be appended. */
  private static void joined(HeadWriter w, Head head, FieldId id, boolean believed) {
    if (believed) {
      for (int i = head.find(id, 0); i >= 0; i = head.find(id, i + 1)) {
        if (!head.listedInConnection(i)) {
          w.raw(head.bytes, head.valueFrom(i), head.valueTo(i));
          w.raw(LIST);
        }
      }
    }
  }

  /** The same for each try of a request. */
  private static void requestId(HeadWriter w, Head head, IoLoop loop) {
    if (!head.idMade) {
      head.idMade = true;
      head.idHigh = loop.randomBits();
      head.idLow = loop.randomBits();
    }
    w.raw(REQUEST_ID);
    w.hex(head.idHigh);
    w.hex(head.idLow);
    w.crlf();
  }

  private static void framing(HeadWriter w, Head head, boolean upgrade) {
    if (upgrade) {
      w.raw(UPGRADE);
    } else if (wantsTrailers(head)) {
      w.raw(TE_TRAILERS);
    }
    if (head.chunked) {
      w.raw(CHUNKED);
    } else if (head.contentLength >= 0) {
      w.raw(CONTENT_LENGTH);
      w.number(head.contentLength);
      w.crlf();
    }
  }

  private static boolean wantsTrailers(Head head) {
    int te = head.find(FieldId.TE, 0);
    return te >= 0 && head.equalsIgnoreCase(head.valueFrom(te), head.valueTo(te), "trailers");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
