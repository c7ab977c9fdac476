package io.proxyetc.internal.table;

import org.jspecify.annotations.Nullable;

/**
 * The rules of one host, or of one host and path: immutable, never empty. One rule is its own set,
 * a few are a sorted array, many are found by their path.
 */
abstract sealed class Rules<R> permits Rule, FewRules, ManyRules {
  /** The first rule, in the order of {@link RuleOrder}, that the request meets. */
  abstract @Nullable Rule<R> first(RequestKey key);

  /** What every request leads to, if there is one rule and it takes them all; else null. */
  abstract @Nullable R always();

  /** With a rule that has no {@link #twin} here. */
  abstract Rules<R> with(Rule<R> rule);

  /** Without this very rule; null when nothing is left. */
  abstract @Nullable Rules<R> without(Rule<R> rule);

  /** The rule that no request could tell from this one. */
  abstract @Nullable Rule<R> twin(Rule<?> rule);

  abstract int size();
}
