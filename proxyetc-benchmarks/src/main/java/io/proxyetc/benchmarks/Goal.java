package io.proxyetc.benchmarks;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A figure that this project wants to reach.
 *
 * @param load the case
 * @param what the figure, in words
 * @param most it may be that much
 * @param figure reads it from what was measured; nothing where it was not
 */
record Goal(String load, String what, double most, Function<Measured, Optional<Double>> figure) {

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
              all -> ratio(all, "routes100k", Session.MANY_ROUTES, Session.ONE_ROUTE)),
          single("routes100k", Session.HEAP_PER_ROUTE, 1024),
          single("put", Puts.LIVE, 10),
          single("put", Puts.LATE, 0),
          single("start", Starts.FIRST_BYTE, 0.7),
          single("start", Starts.RESIDENT, 100));

  /** A table of those that the measured cases can tell; empty where they can tell none. */
  static Optional<String> verdicts(Measured all) {
    Table table = new Table(List.of("case: figure", "at most", "measured", "reached"));
    boolean any = false;
    for (Goal goal : ALL) {
      Optional<Double> measured = goal.figure.apply(all);
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
        load, "CPU per request ÷ " + peer + "'s", most, all -> ratio(all, load, OURS, peer));
  }

  private static Goal calls(
      String load, String what, double most, ToDoubleFunction<SyscallsPerRequest> figure) {
    return new Goal(
        load,
        what,
        most,
        all -> all.row(load, OURS).flatMap(Row::syscalls).map(figure::applyAsDouble));
  }

  private static Goal single(String load, String what, double most) {
    return new Goal(load, what, most, all -> all.figure(load, what));
  }

  private static Optional<Double> ratio(Measured all, String load, String of, String to) {
    return all.row(load, of).flatMap(ours -> all.row(load, to).map(ours::cpuRatioTo));
  }
}
