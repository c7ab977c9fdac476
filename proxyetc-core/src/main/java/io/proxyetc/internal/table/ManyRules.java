package io.proxyetc.internal.table;

import io.proxyetc.internal.map.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many rules of one host, by path. A look-up asks for each prefix of the request's path that ends
 * at a segment border, the longest first, and for no more prefixes than the deepest rule has
 * segments: a path of a thousand slashes costs no more than the deepest rule does.
 */
final class ManyRules<R> extends Rules<R> {
  private final PersistentMap<String, Rules<R>> byPath;
  private final int size;

  /** At least the number of segments of each rule's path; does not shrink. */
  private final int depth;

  private ManyRules(PersistentMap<String, Rules<R>> byPath, int size, int depth) {
    this.byPath = byPath;
    this.size = size;
    this.depth = depth;
  }

  static <R> ManyRules<R> of(Rule<R>[] rules) {
    ManyRules<R> many = new ManyRules<>(PersistentMap.empty(), 0, 1);
    for (Rule<R> rule : rules) {
      many = many.with(rule);
    }
    return many;
  }

  @Override
  @Nullable Rule<R> first(RequestKey key) {
    byte[] bytes = key.pathBytes();
    int from = key.pathFrom();
    int to = key.pathTo();
    // Forwards to the deepest border that matters, hashing on the way ...
    int hash = 0;
    int hashAtBorder = 0;
    int border = from;
    int borders = 0;
    for (int i = from; i < to && borders < depth; i++) {
      hash = StringHash.append(hash, bytes[i]);
      if (i + 1 == to || bytes[i + 1] == '/') {
        border = i + 1;
        hashAtBorder = hash;
        borders++;
      }
    }
    // ... and back, taking one byte at a time off the hash.
    hash = hashAtBorder;
    for (int end = border; end > from; end--) {
      if (end == to || bytes[end] == '/') {
        Rules<R> rules = byPath.getLatin1(bytes, from, end, hash);
        Rule<R> rule = rules == null ? null : rules.first(key);
        if (rule != null) {
          return rule;
        }
      }
      hash = StringHash.removeLast(hash, bytes[end - 1]);
    }
    Rules<R> root = byPath.get("/");
    return root == null ? null : root.first(key);
  }

  @Override
  @Nullable R always() {
    return null;
  }

  @Override
  ManyRules<R> with(Rule<R> rule) {
    String path = rule.match().path();
    Rules<R> there = byPath.get(path);
    return new ManyRules<>(
        byPath.with(path, there == null ? rule : there.with(rule)),
        size + 1,
        Math.max(depth, segments(path)));
  }

  @Override
  @Nullable Rules<R> without(Rule<R> rule) {
    String path = rule.match().path();
    Rules<R> there = byPath.get(path);
    Rules<R> left = there == null ? null : there.without(rule);
    if (left == there) {
      return this;
    }
    PersistentMap<String, Rules<R>> fewer =
        left == null ? byPath.without(path) : byPath.with(path, left);
    return size - 1 < FewRules.MANY / 2
        ? few(fewer, size - 1)
        : new ManyRules<>(fewer, size - 1, depth);
  }

  @Override
  @Nullable Rule<R> twin(Rule<?> rule) {
    Rules<R> there = byPath.get(rule.match().path());
    return there == null ? null : there.twin(rule);
  }

  @Override
  int size() {
    return size;
  }

  private static <R> Rules<R> few(PersistentMap<String, Rules<R>> byPath, int size) {
    List<Rule<R>> all = new ArrayList<>(size);
    for (Rules<R> rules : byPath.values()) {
      if (rules instanceof FewRules<R> several) {
        several.addTo(all);
      } else {
        all.add((Rule<R>) rules);
      }
    }
    return FewRules.of(all, size);
  }

  private static int segments(String path) {
    int count = 1;
    for (int i = 1; i < path.length(); i++) {
      count += path.charAt(i) == '/' ? 1 : 0;
    }
    return count;
  }
}
