package io.proxyetc.internal.table;

import io.proxyetc.Match;
import java.util.Comparator;
import java.util.Set;

/**
 * Which of two rules of one host is asked first: the longer path; then the one with more headers,
 * then with more exact header values; then with methods, the fewer the earlier; then with a port;
 * then the lower id. A rule whose requests are all met by another one too always comes before it.
 */
final class RuleOrder implements Comparator<Rule<?>> {
  static final RuleOrder INSTANCE = new RuleOrder();

  private static final Comparator<Match> ORDER =
      Comparator.<Match>comparingInt(match -> -match.path().length())
          .thenComparing(Match::path)
          .thenComparingInt(match -> -match.headers().size())
          .thenComparingInt(RuleOrder::headersOfAnyValue)
          .thenComparingInt(match -> methodCount(match.methods()))
          .thenComparingInt(match -> match.port() == 0 ? 1 : 0);

  private RuleOrder() {}

  @Override
  public int compare(Rule<?> a, Rule<?> b) {
    int order = ORDER.compare(a.match(), b.match());
    return order != 0 ? order : a.id().compareTo(b.id());
  }

  private static int headersOfAnyValue(Match match) {
    int count = 0;
    for (String value : match.headers().values()) {
      count += value.equals("*") ? 1 : 0;
    }
    return count;
  }

  private static int methodCount(Set<String> methods) {
    return methods.isEmpty() ? Integer.MAX_VALUE : methods.size();
  }
}
