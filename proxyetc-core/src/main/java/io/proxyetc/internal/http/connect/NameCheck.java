package io.proxyetc.internal.http.connect;

import java.net.InetAddress;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whether the address that a connection leads to is still one of its target's: a name may move
 * while its connections are never idle for long enough to be closed. For one IO thread.
 */
final class NameCheck {
  private final Function<String, InetAddress @Nullable []> resolver;
  private final String host;
  private final InetAddress ip;
  private final long everyNanos;
  private long checked;

  /**
   * @param resolver gives what is known of a name, and sees to it that this is no older than it
   *     should be; never blocks
   * @param everyNanos how often to look at most: what is known changes no faster
   */
  NameCheck(
      Function<String, InetAddress @Nullable []> resolver,
      String host,
      InetAddress ip,
      long everyNanos,
      long nowNanos) {
    this.resolver = resolver;
    this.host = host;
    this.ip = ip;
    this.everyNanos = everyNanos;
    this.checked = nowNanos;
  }

  /** Whether a host is an address itself, for which there is nothing to check. */
  static boolean needless(String host) {
    return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }

  /** Whether it does as far as is known; a look now and then, and nothing in between. */
  boolean holds(long nowNanos) {
    if (nowNanos - checked < everyNanos) {
      return true;
    }
    checked = nowNanos;
    InetAddress[] known = resolver.apply(host);
    if (known == null) {
      return true;
    }
    for (InetAddress one : known) {
      if (one.equals(ip)) {
        return true;
      }
    }
    return false;
  }
}
