package io.proxyetc.internal.http.connect;

import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Whether the address that a connection leads to is still one of its target's: a name may move
 * while its connections are never idle for long enough to be closed. For one IO thread.
 */
final class NameCheck {
  private static final long EVERY = TimeUnit.SECONDS.toNanos(30);

  private final Function<String, InetAddress @Nullable []> resolver;
  private final String host;
  private final InetAddress ip;
  private long checked;

  /**
   * @param resolver gives what is known of a name, and sees to it that this is no older than it
   *     should be; never blocks
   */
  NameCheck(
      Function<String, InetAddress @Nullable []> resolver,
      String host,
      InetAddress ip,
      long nowNanos) {
    this.resolver = resolver;
    this.host = host;
    this.ip = ip;
    this.checked = nowNanos;
  }

  /** Whether a host is an address itself, for which there is nothing to check. */
  static boolean needless(String host) {
    return host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
  }

  /** Looks every 30 seconds at most. */
  boolean holds(long nowNanos) {
    if (nowNanos - checked < EVERY) {
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
