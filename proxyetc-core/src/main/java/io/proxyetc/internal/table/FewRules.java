package io.proxyetc.internal.table;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Two or more rules in the order in which they are asked. */
final class FewRules<R> extends Rules<R> {
  /** From how many rules on a map of paths pays. */
  static final int MANY = 17;

  private final Rule<R>[] ordered;

  private FewRules(Rule<R>[] ordered) {
    this.ordered = ordered;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  static <R> FewRules<R> of(Rule<R> a, Rule<R> b) {
    boolean inOrder = RuleOrder.INSTANCE.compare(a, b) < 0;
    return new FewRules<>(inOrder ? new Rule[] {a, b} : new Rule[] {b, a});
  }

  /** Puts rules that have no twins among them into order. */
  @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
  static <R> Rules<R> of(Iterable<Rule<R>> rules, int size) {
    Rule<R>[] all = new Rule[size];
    int n = 0;
    for (Rule<R> rule : rules) {
      all[n++] = rule;
    }
    Arrays.sort(all, RuleOrder.INSTANCE);
    return size == 1 ? all[0] : new FewRules<>(all);
  }

  @Override
  @Nullable Rule<R> first(RequestKey key) {
    for (Rule<R> rule : ordered) {
      if (rule.first(key) != null) {
        return rule;
      }
    }
    return null;
  }

  @Override
  @Nullable R always() {
    return null;
  }

  @Override
  Rules<R> with(Rule<R> rule) {
    int found = Arrays.binarySearch(ordered, rule, RuleOrder.INSTANCE);
    int at = found < 0 ? -found - 1 : found;
    Rule<R>[] more = Arrays.copyOf(ordered, ordered.length + 1);
    System.arraycopy(ordered, at, more, at + 1, ordered.length - at);
    more[at] = rule;
    boolean onePath = more[0].match().path().equals(more[more.length - 1].match().path());
    return more.length >= MANY && !onePath ? ManyRules.of(more) : new FewRules<>(more);
  }

  @Override
  @Nullable Rules<R> without(Rule<R> rule) {
    int at = Arrays.asList(ordered).indexOf(rule);
    if (at < 0) {
      return this;
    }
    if (ordered.length == 2) {
      return ordered[1 - at];
    }
    Rule<R>[] fewer = Arrays.copyOf(ordered, ordered.length - 1);
    System.arraycopy(ordered, at + 1, fewer, at, fewer.length - at);
    return new FewRules<>(fewer);
  }

  @Override
  @Nullable Rule<R> twin(Rule<?> rule) {
    for (Rule<R> mine : ordered) {
      if (mine.twin(rule) != null) {
        return mine;
      }
    }
    return null;
  }

  @Override
  int size() {
    return ordered.length;
  }

  void addTo(List<Rule<R>> list) {
    list.addAll(Arrays.asList(ordered));
  }
}
