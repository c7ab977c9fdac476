package io.proxyetc.internal.table;

import io.proxyetc.internal.map.PersistentMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All rules by host. Immutable; a change shares what it does not touch. */
final class HostIndex<R> {
  private static final String ANY_HOST = "*";
  private static final String WILDCARD = "*.";

  private final HostTable<R> exact;

  /** By what follows the {@code *.}. */
  private final PersistentMap<String, Rules<R>> wildcards;

  private final @Nullable Rules<R> any;

  private HostIndex(
      HostTable<R> exact, PersistentMap<String, Rules<R>> wildcards, @Nullable Rules<R> any) {
    this.exact = exact;
    this.wildcards = wildcards;
    this.any = any;
  }

  static <R> HostIndex<R> empty() {
    return new HostIndex<>(HostTable.empty(), PersistentMap.empty(), null);
  }

  /** What a request leads to: exact host, longest wildcard, any host. Allocates nothing. */
  @Nullable R match(RequestKey key) {
    R found = key.hostTo() > key.hostFrom() ? matchHost(key) : null;
    return found == null && any != null ? planOf(any.first(key)) : found;
  }

  private @Nullable R matchHost(RequestKey key) {
    R found = exact.match(key);
    return found == null && !wildcards.isEmpty() ? matchWildcard(key) : found;
  }

  /** The leftmost dot leaves the longest name behind it. */
  private @Nullable R matchWildcard(RequestKey key) {
    byte[] bytes = key.hostBytes();
    int from = key.hostFrom();
    int to = key.hostTo();
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = StringHash.append(hash, bytes[i]);
    }
    int power = StringHash.power(to - from);
    for (int i = from; i < to; i++) {
      power = StringHash.lowerPower(power);
      hash = StringHash.removeFirst(hash, bytes[i], power);
      if (bytes[i] == '.' && i > from) {
        Rules<R> rules = wildcards.getLatin1(bytes, i + 1, to, hash);
        R found = rules == null ? null : planOf(rules.first(key));
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static <R> @Nullable R planOf(@Nullable Rule<R> rule) {
    return rule == null ? null : rule.plan();
  }

  HostIndex<R> with(Rule<R> rule) {
    HostIndex<R> index = this;
    for (String host : hosts(rule)) {
      Rules<R> there = index.get(host);
      index = index.with(host, there == null ? rule : there.with(rule));
    }
    return index;
  }

  HostIndex<R> without(Rule<R> rule) {
    HostIndex<R> index = this;
    for (String host : hosts(rule)) {
      Rules<R> there = index.get(host);
      if (there != null) {
        index = index.with(host, there.without(rule));
      }
    }
    return index;
  }

  /** The rule that could never be told from this one under a host; null if there is none. */
  @Nullable Rule<R> twin(Rule<?> rule, String host) {
    Rules<R> there = get(host);
    return there == null ? null : there.twin(rule);
  }

  /** The hosts of a rule as this index and messages name them; {@code *} stands for any. */
  static List<String> hosts(Rule<?> rule) {
    List<String> hosts = rule.match().hosts();
    return hosts.isEmpty() ? List.of(ANY_HOST) : hosts;
  }

  private @Nullable Rules<R> get(String host) {
    if (host.equals(ANY_HOST)) {
      return any;
    }
    return host.startsWith(WILDCARD)
        ? wildcards.get(host.substring(WILDCARD.length()))
        : exact.get(host);
  }

  private HostIndex<R> with(String host, @Nullable Rules<R> rules) {
    if (host.equals(ANY_HOST)) {
      return new HostIndex<>(exact, wildcards, rules);
    }
    if (!host.startsWith(WILDCARD)) {
      return new HostIndex<>(
          rules == null ? exact.without(host) : exact.with(host, rules), wildcards, any);
    }
    String suffix = host.substring(WILDCARD.length());
    return new HostIndex<>(
        exact, rules == null ? wildcards.without(suffix) : wildcards.with(suffix, rules), any);
  }
}
