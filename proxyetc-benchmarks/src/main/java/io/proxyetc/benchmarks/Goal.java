package io.proxyetc.benchmarks;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * A figure that this project wants to reach.
 *
 * @param load the case
 * @param what the figure, in words
 * @param most it may be that much
 * @param figure reads it from the rows of the case; nothing where it was not measured
 */
record Goal(String load, String what, double most, Figure figure) {

  private static final String OURS = "proxyetc";

  /** All of them. */
  static final List<Goal> ALL =
      List.of(
          cpu("1k", "nginx", 1.2),
          cpu("1k", "haproxy", 1.0),
          calls("1k", "reads per request", 2.1, SyscallsPerRequest::reads),
          calls("1k", "writes per request", 2.1, SyscallsPerRequest::writes),
          calls("1k", "epoll_ctl per request", 0.05, calls -> calls.of("epoll_ctl")),
          cpu("64k", "haproxy", 1.1),
          cpu("10m", "undertow", 1.0),
          cpu("tls", "nginx", 1.3),
          cpu("h2", "haproxy", 1.6),
          new Goal(
              "routes100k",
              "CPU per request ÷ one route's",
              1.05,
              rows -> ratio(rows, Session.MANY_ROUTES, Session.ONE_ROUTE)));

  /** A table of those that the measured cases can tell; empty where they can tell none. */
  static Optional<String> verdicts(Map<String, List<Row>> results) {
    Table table = new Table(List.of("case: figure", "at most", "measured", "reached"));
    boolean any = false;
    for (Goal goal : ALL) {
      Optional<Double> measured = goal.figure.of(results.getOrDefault(goal.load, List.of()));
      if (measured.isPresent()) {
        any = true;
        table.row(
            List.of(
                goal.load + ": " + goal.what,
                Report.fine(goal.most),
                Report.fine(measured.get()),
                measured.get() <= goal.most ? "yes" : "**no**"));
      }
    }
    return any ? Optional.of("### goals\n\n" + table.print()) : Optional.empty();
  }

  private static Goal cpu(String load, String peer, double most) {
    return new Goal(
        load, "CPU per request ÷ " + peer + "'s", most, rows -> ratio(rows, OURS, peer));
  }

  private static Goal calls(
      String load, String what, double most, ToDoubleFunction<SyscallsPerRequest> figure) {
    return new Goal(
        load,
        what,
        most,
        rows -> find(rows, OURS).flatMap(Row::syscalls).map(figure::applyAsDouble));
  }

  private static Optional<Double> ratio(List<Row> rows, String of, String to) {
    return find(rows, of).flatMap(ours -> find(rows, to).map(ours::cpuRatioTo));
  }

  private static Optional<Row> find(List<Row> rows, String name) {
    return rows.stream()
        .filter(row -> row.proxy().equals(name) && !row.rounds().isEmpty())
        .findFirst();
  }

  /** Reads a figure from the rows of a case. */
  interface Figure {
    Optional<Double> of(List<Row> rows);
  }
}
