package io.proxyetc.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run has measured so far, for its goals. One thread uses it. */
final class Measured {

  private final Map<String, List<Row>> rows = new HashMap<>();
  private final Map<String, Double> figures = new HashMap<>();

  void rows(String load, List<Row> ofProxies) {
    rows.put(load, ofProxies);
  }

  /** A figure that stands for itself. */
  void figure(String load, String what, double value) {
    figures.put(load + ": " + what, value);
  }

  /** The row of a proxy, where it has run at least once in that case. */
  Optional<Row> row(String load, String proxy) {
    return rows.getOrDefault(load, List.of()).stream()
        .filter(row -> row.proxy().equals(proxy) && !row.rounds().isEmpty())
        .findFirst();
  }

  Optional<Double> figure(String load, String what) {
    return Optional.ofNullable(figures.get(load + ": " + what));
  }
}
