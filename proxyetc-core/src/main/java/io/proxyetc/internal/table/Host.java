package io.proxyetc.internal.table;

import org.jspecify.annotations.Nullable;

/** A host with its rules. Immutable. */
final class Host<R> {
  private final String name;
  private final Rules<R> rules;

  Host(String name, Rules<R> rules) {
    this.name = name;
    this.rules = rules;
  }

  String name() {
    return name;
  }

  Rules<R> rules() {
    return rules;
  }

  /** What the request leads to; null if none of the host's rules takes it. */
  @Nullable R match(RequestKey key) {
    Rule<R> rule = rules.first(key);
    return rule == null ? null : rule.plan();
  }

  /** Whether the name consists of these bytes, given that it begins like them. */
  boolean hasRest(byte[] bytes, int from, int to, int begin) {
    if (name.length() != to - from) {
      return false;
    }
    for (int i = to - from - 1; i >= begin; i--) {
      if (name.charAt(i) != (bytes[from + i] & 0xff)) {
        return false;
      }
    }
    return true;
  }
}
