package io.proxyetc.internal.table;

import io.proxyetc.Match;
import io.proxyetc.spi.StoredRoute;
import org.jspecify.annotations.Nullable;

/** A route that is live, with what it leads to. */
final class Rule<R> extends Rules<R> {
  private final StoredRoute stored;
  private final R plan;

  /** The path prefix; null for {@code /}, which every request has. */
  private final @Nullable String path;

  private final @Nullable Conditions conditions;

  Rule(StoredRoute stored, R plan) {
    this.stored = stored;
    this.plan = plan;
    Match match = stored.route().match();
    path = match.path().equals("/") ? null : match.path();
    conditions = Conditions.of(match);
  }

  StoredRoute stored() {
    return stored;
  }

  R plan() {
    return plan;
  }

  String id() {
    return stored.route().id();
  }

  Match match() {
    return stored.route().match();
  }

  @Override
  @Nullable Rule<R> first(RequestKey key) {
    return acceptsPath(key) && (conditions == null || conditions.accept(key)) ? this : null;
  }

  @Override
  @Nullable R always() {
    return path == null && conditions == null ? plan : null;
  }

  @Override
  Rules<R> with(Rule<R> rule) {
    return FewRules.of(this, rule);
  }

  @Override
  @Nullable Rules<R> without(Rule<R> rule) {
    return rule == this ? null : this;
  }

  @Override
  @Nullable Rule<R> twin(Rule<?> rule) {
    Match mine = match();
    Match theirs = rule.match();
    boolean same =
        mine.path().equals(theirs.path())
            && mine.port() == theirs.port()
            && mine.methods().equals(theirs.methods())
            && mine.headers().equals(theirs.headers());
    return same ? this : null;
  }

  @Override
  int size() {
    return 1;
  }

  private boolean acceptsPath(RequestKey key) {
    if (path == null) {
      return true;
    }
    byte[] bytes = key.pathBytes();
    int from = key.pathFrom();
    int end = from + path.length();
    if (end > key.pathTo() || (end < key.pathTo() && bytes[end] != '/')) {
      return false;
    }
    for (int i = path.length() - 1; i > 0; i--) { // backwards: prefixes differ at their ends
      if (bytes[from + i] != path.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
