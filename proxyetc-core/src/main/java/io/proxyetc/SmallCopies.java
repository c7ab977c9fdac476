package io.proxyetc;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Immutable copies that keep an order and cost next to nothing where they are empty or hold one
 * entry, which is the rule: a proxy holds 100,000 routes.
 */
final class SmallCopies {
  private SmallCopies() {}

  /** In the order of the given map. */
  static <V> Map<String, V> ordered(Map<String, V> map) {
    if (map.size() <= 1) {
      return Map.copyOf(map);
    }
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /** In natural order. */
  static Set<String> sorted(Collection<String> strings) {
    if (strings.size() <= 1) {
      return Set.copyOf(strings);
    }
    return Collections.unmodifiableSet(new TreeSet<>(strings));
  }
}
