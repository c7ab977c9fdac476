package io.proxyetc.launcher;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Addresses and networks such as {@code 10.0.0.0/8}. */
final class Networks {
  private static final String IPV4 = "[0-9]{1,3}(\\.[0-9]{1,3}){3}";
  private static final String IPV6 = "[0-9a-fA-F]*:[0-9a-fA-F:.]*";

  private Networks() {}

  /** Whether a text is one. Never asks a name server. */
  static boolean valid(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    String bits = slash < 0 ? "0" : text.substring(slash + 1);
    if (!address.matches(IPV4 + "|" + IPV6) || !bits.matches("[0-9]{1,3}")) {
      return false;
    }
    try {
      return Integer.parseInt(bits) <= InetAddress.getByName(address).getAddress().length * 8;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
