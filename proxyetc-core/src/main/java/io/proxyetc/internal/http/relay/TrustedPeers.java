package io.proxyetc.internal.http.relay;

import io.proxyetc.ProxyException;
import io.proxyetc.internal.http.message.AddressText;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** Peers whose word about the client is believed: addresses and networks. Immutable. */
public final class TrustedPeers {
  private record Network(byte[] address, int bits) {
    boolean holds(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      int whole = bits / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != other[i]) {
          return false;
        }
      }
      int rest = bits % 8;
      return rest == 0 || ((address[whole] ^ other[whole]) & 0xff) >>> (8 - rest) == 0;
    }
  }

  private final List<Network> networks = new ArrayList<>();

  /**
   * @throws ProxyException for what is no address or network
   */
  public TrustedPeers(List<String> texts) {
    for (String text : texts) {
      networks.add(network(text));
    }
  }

  private static Network network(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    try {
      InetAddress parsed = AddressText.parse(address);
      if (parsed == null) {
        throw new NumberFormatException(address);
      }
      byte[] bytes = parsed.getAddress();
      int bits = slash < 0 ? bytes.length * 8 : Integer.parseInt(text.substring(slash + 1));
      if (bits < 0 || bits > bytes.length * 8) {
        throw new NumberFormatException(text);
      }
      return new Network(bytes, bits);
    } catch (NumberFormatException e) {
      throw new ProxyException(
          "trustedPeers: '"
              + text
              + "' is no address or network: write 10.1.2.3, 10.0.0.0/8 or fd00::/8",
          e);
    }
  }

  /** Whether this peer is believed. */
  public boolean trusts(InetAddress peer) {
    if (networks.isEmpty()) {
      return false;
    }
    byte[] bytes = peer.getAddress();
    for (Network network : networks) {
      if (network.holds(bytes)) {
        return true;
      }
    }
    return false;
  }
}
