package io.proxyetc.internal.http.message;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * IP addresses as people and other programs write them. Java writes {@code 0:0:0:0:0:0:0:1} for
 * {@code ::1}, which comparisons of text and lists of addresses do not know.
 */
public final class AddressText {
  private static final int GROUPS = 8;
  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  private static final Pattern LITERAL =
      Pattern.compile(BYTE + "(\\." + BYTE + "){3}|[0-9a-fA-F]{0,4}:[0-9a-fA-F.]*:[0-9a-fA-F:.]*");

  private AddressText() {}

  /**
   * Without scope; IPv6 in the form of RFC 5952, section 4: lower case, no leading zeros, and the
   * longest run of two or more zero groups, the first of several, as {@code ::}.
   */
  public static String of(InetAddress address) {
    if (address instanceof Inet4Address) {
      return address.getHostAddress();
    }
    int[] groups = groups(address.getAddress());
    int from = 0;
    int to = 1; // a single zero group is written out
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > to - from) {
        from = i;
        to = end;
      }
    }
    return to - from < 2
        ? join(groups, 0, GROUPS)
        : join(groups, 0, from) + "::" + join(groups, to, GROUPS);
  }

  /**
   * From a text to an address; null where it is none. Asks no name server, as Java would for {@code
   * cafe} or {@code 1.2.3.4.5}.
   */
  public static @Nullable InetAddress parse(String text) {
    try {
      return LITERAL.matcher(text).matches() ? InetAddress.getByName(text) : null;
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static int[] groups(byte[] bytes) {
    int[] groups = new int[GROUPS];
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    return groups;
  }

  private static String join(int[] groups, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
    }
    return text.toString();
  }
}
