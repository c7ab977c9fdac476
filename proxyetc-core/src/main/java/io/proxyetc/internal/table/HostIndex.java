package io.proxyetc.internal.table;

import io.proxyetc.internal.map.PersistentMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All rules by host. Immutable; a change shares what it does not touch. */
final class HostIndex<R> {
  private static final String ANY_HOST = "*";
  private static final String WILDCARD = "*.";

  private final PersistentMap<String, Rules<R>> exact;

  /** By what follows the {@code *.}. */
  private final PersistentMap<String, Rules<R>> wildcards;

  private final @Nullable Rules<R> any;

  private HostIndex(
      PersistentMap<String, Rules<R>> exact,
      PersistentMap<String, Rules<R>> wildcards,
      @Nullable Rules<R> any) {
    this.exact = exact;
    this.wildcards = wildcards;
    this.any = any;
  }

  static <R> HostIndex<R> empty() {
    return new HostIndex<>(PersistentMap.empty(), PersistentMap.empty(), null);
  }

  /** The rule of a request: exact host, longest wildcard, any host. Allocates nothing. */
  @Nullable Rule<R> first(RequestKey key) {
    Rule<R> rule = key.hostTo() > key.hostFrom() ? ofHost(key) : null;
    return rule == null && any != null ? any.first(key) : rule;
  }

  private @Nullable Rule<R> ofHost(RequestKey key) {
    byte[] bytes = key.hostBytes();
    int from = key.hostFrom();
    int to = key.hostTo();
    int hash = 0;
    int power = 1;
    for (int i = from; i < to; i++) {
      hash = StringHash.append(hash, bytes[i]);
      power *= 31;
    }
    Rules<R> rules = exact.getLatin1(bytes, from, to, hash);
    Rule<R> rule = rules == null ? null : rules.first(key);
    return rule != null || wildcards.isEmpty() ? rule : ofWildcard(key, hash, power);
  }

  /** The leftmost dot leaves the longest name behind it. */
  private @Nullable Rule<R> ofWildcard(RequestKey key, int hostHash, int hostPower) {
    byte[] bytes = key.hostBytes();
    int from = key.hostFrom();
    int to = key.hostTo();
    int hash = hostHash;
    int power = hostPower;
    for (int i = from; i < to; i++) {
      power = StringHash.lowerPower(power);
      hash = StringHash.removeFirst(hash, bytes[i], power);
      if (bytes[i] == '.' && i > from) {
        Rules<R> rules = wildcards.getLatin1(bytes, i + 1, to, hash);
        Rule<R> rule = rules == null ? null : rules.first(key);
        if (rule != null) {
          return rule;
        }
      }
    }
    return null;
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
    return host.startsWith(WILDCARD)
        ? new HostIndex<>(exact, put(wildcards, host.substring(WILDCARD.length()), rules), any)
        : new HostIndex<>(put(exact, host, rules), wildcards, any);
  }

  private static <R> PersistentMap<String, Rules<R>> put(
      PersistentMap<String, Rules<R>> map, String key, @Nullable Rules<R> rules) {
    return rules == null ? map.without(key) : map.with(key, rules);
  }
}
