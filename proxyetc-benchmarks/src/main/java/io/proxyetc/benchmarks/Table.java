package io.proxyetc.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A table in Markdown that reads well as plain text too. */
final class Table {

  private final List<List<String>> rows = new ArrayList<>();

  Table(List<String> header) {
    rows.add(List.copyOf(header));
  }

  Table row(List<String> cells) {
    if (cells.size() != rows.get(0).size()) {
      throw new BenchmarkException(
          "table: " + cells.size() + " cells where the header has " + rows.get(0).size());
    }
    rows.add(List.copyOf(cells));
    return this;
  }

  /** Left-aligned first column, right-aligned others. */
  String print() {
    int[] widths =
        IntStream.range(0, rows.get(0).size())
            .map(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .map(width -> Math.max(width, 3))
            .toArray();
    StringBuilder text = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      line(text, rows.get(r), widths);
      if (r == 0) {
        line(text, rule(widths), widths);
      }
    }
    return text.toString();
  }

  private static List<String> rule(int[] widths) {
    return IntStream.range(0, widths.length)
        .mapToObj(i -> i == 0 ? "-".repeat(widths[i]) : "-".repeat(widths[i] - 1) + ":")
        .toList();
  }

  private static void line(StringBuilder text, List<String> cells, int[] widths) {
    for (int i = 0; i < cells.size(); i++) {
      String padding = " ".repeat(widths[i] - cells.get(i).length());
      text.append("| ").append(i == 0 ? cells.get(i) + padding : padding + cells.get(i));
      text.append(' ');
    }
    text.append("|\n");
  }
}
