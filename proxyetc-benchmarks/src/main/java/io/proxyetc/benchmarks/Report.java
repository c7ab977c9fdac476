package io.proxyetc.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Turns what was measured into Markdown. */
final class Report {

  private static final double MIB = 1024.0 * 1024.0;

  private static final String NONE = "-";

  private Report() {}

  /** One case: a row for each proxy, a ratio column for each of {@code baselines} that ran. */
  static String of(Case load, List<Row> rows, List<String> baselines) {
    List<Row> references =
        rows.stream().filter(row -> rows.size() > 1 && baselines.contains(row.proxy())).toList();
    Table table = new Table(header(rows, references));
    rows.forEach(row -> table.row(cells(row, rows, references)));
    StringBuilder text = new StringBuilder("### " + load.name() + ": " + load.title() + "\n\n");
    latencyRate(rows, text);
    text.append(table.print());
    for (Row row : rows) {
      row.fault()
          .ifPresent(fault -> text.append("\n%s failed: %s\n".formatted(row.proxy(), fault)));
      if (row.failed() > 0) {
        text.append("\n%s: %d single requests failed\n".formatted(row.proxy(), row.failed()));
      }
    }
    return text.toString();
  }

  private static void latencyRate(List<Row> rows, StringBuilder text) {
    rows.stream()
        .flatMap(row -> row.latency().stream())
        .findFirst()
        .ifPresent(l -> text.append("Latency at %,.0f requests/s.\n\n".formatted(l.rate())));
  }

  private static List<String> header(List<Row> rows, List<Row> references) {
    List<String> header = new ArrayList<>(List.of("proxy", "CPU µs/request", "user"));
    references.forEach(row -> header.add("× " + row.proxy()));
    header.add("requests/s");
    if (latency(rows)) {
      header.addAll(List.of("p50 µs", "p99 µs"));
    }
    header.addAll(List.of("MiB at start", "MiB after"));
    if (syscalls(rows)) {
      header.addAll(List.of("reads", "writes", "epoll_ctl", "epoll_wait", "futex", "syscalls"));
    }
    return header;
  }

  private static List<String> cells(Row row, List<Row> rows, List<Row> references) {
    List<String> cells = new ArrayList<>();
    cells.add(row.proxy());
    cells.add(decimal(row.cpuMicros()));
    cells.add(decimal(row.userMicros()));
    references.forEach(reference -> cells.add(fine(row.cpuRatioTo(reference))));
    cells.add(decimal(row.perSecond()));
    if (latency(rows)) {
      cells.add(row.latency().map(l -> decimal(l.p50())).orElse(NONE));
      cells.add(row.latency().map(l -> decimal(l.p99())).orElse(NONE));
    }
    cells.add(decimal(row.residentAtStart() / MIB));
    cells.add(decimal(row.residentAfter() / MIB));
    if (syscalls(rows)) {
      cells.addAll(row.syscalls().map(Report::cells).orElse(Collections.nCopies(6, NONE)));
    }
    return cells;
  }

  private static List<String> cells(SyscallsPerRequest calls) {
    return List.of(
        fine(calls.reads()),
        fine(calls.writes()),
        fine(calls.of("epoll_ctl")),
        fine(calls.epollWaits()),
        fine(calls.of("futex")),
        fine(calls.total()));
  }

  private static boolean latency(List<Row> rows) {
    return rows.stream().anyMatch(row -> row.latency().isPresent());
  }

  private static boolean syscalls(List<Row> rows) {
    return rows.stream().anyMatch(row -> row.syscalls().isPresent());
  }

  /** Two decimals. */
  static String fine(double number) {
    return Double.isNaN(number) ? NONE : String.format(Locale.ROOT, "%.2f", number);
  }

  /** One decimal below 100, none above. */
  static String decimal(double number) {
    if (Double.isNaN(number)) {
      return NONE;
    }
    return String.format(Locale.ROOT, number < 100 ? "%.1f" : "%,.0f", number);
  }
}
