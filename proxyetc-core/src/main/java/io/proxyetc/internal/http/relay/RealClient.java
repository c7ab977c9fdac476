package io.proxyetc.internal.http.relay;

import io.proxyetc.internal.http.message.AddressText;
import io.proxyetc.internal.http.message.Client;
import io.proxyetc.internal.http.message.Downstream;
import io.proxyetc.internal.http.message.FieldId;
import io.proxyetc.internal.http.message.Head;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who the client of a request is, and how it came: the peer itself, or what a believed peer says of
 * whom it speaks for. Balancers, redirects and the access log ask here; nothing is worked out for a
 * request of which nobody asks. Immutable; any IO thread.
 */
public final class RealClient {
  private static final Pattern FOR =
      Pattern.compile("(?:^|;)\\s*for=\"?([^\";]*)\"?\\s*(?:;|$)", Pattern.CASE_INSENSITIVE);
  private static final Pattern PROTO_HTTPS =
      Pattern.compile("(^|;)\\s*proto=\"?https\"?\\s*(;|$)", Pattern.CASE_INSENSITIVE);

  private final TrustedPeers trusted;

  public RealClient(TrustedPeers trusted) {
    this.trusted = trusted;
  }

  /** Whether the peer's word about others counts. */
  public boolean believes(Client client) {
    return trusted.trusts(client.peer().getAddress());
  }

  /**
   * The nearest address that is not believed itself: the peer, or whom a believed one names last in
   * X-Forwarded-For (where there is none, in Forwarded), and so on while that one is believed, too.
   * What is named but is no address leaves the one that named it.
   */
  public InetAddress address(Downstream from) {
    InetAddress known = from.client().peer().getAddress();
    if (!trusted.trusts(known)) {
      return known;
    }
    Head head = from.request();
    boolean plain = said(head, FieldId.X_FORWARDED_FOR);
    String[] chain = chain(head, plain ? FieldId.X_FORWARDED_FOR : FieldId.FORWARDED);
    for (int i = chain.length - 1; i >= 0 && trusted.trusts(known); i--) {
      InetAddress named = node(plain ? chain[i] : forwardedFor(chain[i]));
      if (named == null) {
        break;
      }
      known = named;
    }
    return known;
  }

  /** The address as logs show it. */
  public String text(Downstream from) {
    InetAddress address = address(from);
    return address.equals(from.client().peer().getAddress())
        ? new String(from.client().address(), StandardCharsets.US_ASCII)
        : AddressText.of(address);
  }

  /** Whether the client came over TLS: to us, or to a believed peer that says so. */
  public boolean secure(Downstream from) {
    if (from.client().secure() || !believes(from.client())) {
      return from.client().secure();
    }
    Head head = from.request();
    String proto = head.first(FieldId.X_FORWARDED_PROTO);
    if (proto != null) {
      return proto.strip().equalsIgnoreCase("https");
    }
    String forwarded = head.first(FieldId.FORWARDED);
    String last = forwarded == null ? "" : forwarded.substring(forwarded.lastIndexOf(',') + 1);
    return PROTO_HTTPS.matcher(last).find();
  }

  /** Whether a field is there that is not the hop's alone, which {@code Connection} could say. */
  static boolean said(Head head, FieldId id) {
    int i = head.find(id, 0);
    return i >= 0 && !head.listedInConnection(i);
  }

  /** The items of a list that may be spread over several fields, in their order. */
  private static String[] chain(Head head, FieldId id) {
    StringBuilder all = new StringBuilder();
    for (int i = head.find(id, 0); i >= 0; i = head.find(id, i + 1)) {
      if (!head.listedInConnection(i)) {
        all.append(all.isEmpty() ? "" : ",").append(head.value(i));
      }
    }
    return all.isEmpty() ? new String[0] : all.toString().split(",", -1);
  }

  /** RFC 7239, section 5.2. */
  private static String forwardedFor(String element) {
    Matcher found = FOR.matcher(element);
    return found.find() ? found.group(1) : "";
  }

  /** An address with or without a port (RFC 7239, section 6); null: unknown, or hidden. */
  private static @Nullable InetAddress node(String text) {
    String address = text.strip();
    int colon = address.indexOf(':');
    if (address.startsWith("[")) {
      address = address.substring(1, Math.max(1, address.indexOf(']')));
    } else if (colon >= 0 && colon == address.lastIndexOf(':')) {
      address = address.substring(0, colon);
    }
    return AddressText.parse(address);
  }
}
