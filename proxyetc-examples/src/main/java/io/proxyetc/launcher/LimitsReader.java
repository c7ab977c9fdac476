package io.proxyetc.launcher;

import io.proxyetc.Limits;
import io.proxyetc.ProxyException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Reads the section {@code limits}, and the names that users of proxy-etc know for three of them.
 * The bounds of each limit are those of {@link Limits}.
 */
final class LimitsReader {
  /**
   * How long connections to targets are kept with {@code "httpKeepAlive": false}: the least there
   * is.
   */
  private static final Duration NO_KEEP_ALIVE = Duration.ofMillis(100);

  private final Section root;
  private Limits limits = Limits.DEFAULT;

  LimitsReader(Section root) {
    this.root = root;
  }

  Limits read() {
    Optional<Section> section = root.section("limits", Keys.LIMITS);
    section.ifPresent(this::limits);
    whole(root, "maxSockets", Limits::withMaxSockets);
    refuseBoth("maxSockets", section, "maxSockets");
    time(root, "tcpTimeout", (l, d) -> l.withRequestTimeouts(l.headTimeout(), d));
    refuseBoth("tcpTimeout", section, "bodyTimeout");
    httpKeepAlive();
    refuseBoth("httpKeepAlive", section, "targetKeepAlive");
    return limits;
  }

  private void limits(Section s) {
    whole(s, "maxConnections", Limits::withMaxConnections);
    whole(s, "maxSockets", Limits::withMaxSockets);
    whole(
        s,
        "maxRequestLine",
        (l, n) -> l.withHeads(n, l.maxHead(), l.maxFields(), l.maxResponseHead()));
    whole(
        s,
        "maxHead",
        (l, n) -> l.withHeads(l.maxRequestLine(), n, l.maxFields(), l.maxResponseHead()));
    whole(
        s,
        "maxFields",
        (l, n) -> l.withHeads(l.maxRequestLine(), l.maxHead(), n, l.maxResponseHead()));
    whole(
        s,
        "maxResponseHead",
        (l, n) -> l.withHeads(l.maxRequestLine(), l.maxHead(), l.maxFields(), n));
    s.whole("maxBody").ifPresent(n -> set(s, "maxBody", n, Limits::withMaxBody));
    time(s, "headTimeout", (l, d) -> l.withRequestTimeouts(d, l.bodyTimeout()));
    time(s, "bodyTimeout", (l, d) -> l.withRequestTimeouts(l.headTimeout(), d));
    time(s, "keepAlive", (l, d) -> l.withKeepAlive(d, l.targetKeepAlive()));
    time(s, "targetKeepAlive", (l, d) -> l.withKeepAlive(l.keepAlive(), d));
    s.whole("maxBuffered").ifPresent(n -> set(s, "maxBuffered", n, Limits::withMaxBuffered));
    whole(s, "maxStreams", Limits::withMaxStreams);
    time(s, "drain", Limits::withDrain);
  }

  /** In proxy-etc a switch; also a number of seconds. */
  private void httpKeepAlive() {
    String key = "httpKeepAlive";
    boolean isSwitch = root.value(key).map(v -> !(v instanceof Json.Num)).orElse(false);
    BiFunction<Limits, Duration, Limits> change = (l, d) -> l.withKeepAlive(l.keepAlive(), d);
    if (isSwitch) {
      root.bool(key, "true, false or a number of seconds")
          .filter(on -> !on)
          .ifPresent(off -> set(root, key, NO_KEEP_ALIVE, change));
    } else {
      time(root, key, change);
    }
  }

  private void refuseBoth(String known, Optional<Section> section, String name) {
    if (root.has(known) && section.isPresent() && section.get().has(name)) {
      root.fault(
          known, "is the same as limits." + name + ", which is there too; remove one of them");
    }
  }

  private void whole(Section s, String key, BiFunction<Limits, Integer, Limits> change) {
    s.whole(key)
        .ifPresent(
            n -> {
              int value = (int) Math.max(Integer.MIN_VALUE, Math.min(n, Integer.MAX_VALUE));
              boolean set = set(s, key, value, change);
              if (set && n > Integer.MAX_VALUE) { // the limit has no upper bound of its own
                s.fault(key, s.shown(key) + " is more than " + Integer.MAX_VALUE);
              }
            });
  }

  private void time(Section s, String key, BiFunction<Limits, Duration, Limits> change) {
    s.time(key).ifPresent(d -> set(s, key, d, change));
  }

  /**
   * Gives whether the value can be. Where not, the bounds are told by {@link Limits}, and the value
   * as it was written: it may come from the environment, or be larger than any number here.
   */
  private <T> boolean set(Section s, String key, T value, BiFunction<Limits, T, Limits> change) {
    try {
      limits = change.apply(limits, value);
      return true;
    } catch (ProxyException e) {
      String message = String.valueOf(e.getMessage());
      s.fault(key, s.shown(key) + message.substring(message.indexOf(" is ")));
      return false;
    }
  }
}
