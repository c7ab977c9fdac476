package io.proxyetc.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One case with several proxies: all are warmed up, then take turns (A B C A B C …), then answer at
 * one fixed rate, then under strace. A proxy that fails leaves; the others go on.
 */
final class Contest {

  private static final int PACED_SECONDS = 4;
  private static final int STRACE_SECONDS = 3;

  private final Options options;
  private final WarmUp warmUp;
  private final Strace strace;
  private final PrintStream progress;

  Contest(Options options, WarmUp warmUp, Strace strace, PrintStream progress) {
    this.options = options;
    this.warmUp = warmUp;
    this.strace = strace;
    this.progress = progress;
  }

  List<Row> run(Case load, List<Proxy> proxies) {
    List<Entrant> entrants = proxies.stream().map(Entrant::new).toList();
    for (Entrant entrant : entrants) {
      progress.println(load.name() + ": " + entrant.name() + " warms up");
      entrant.attempt(
          proxy ->
              progress.println(
                  load.name()
                      + ": "
                      + entrant.name()
                      + " is warm, µs per request: "
                      + warmUp.run(proxy, load.load()).stream()
                          .map(Report::decimal)
                          .collect(Collectors.joining(", "))));
    }
    for (int round = 1; round <= options.rounds(); round++) {
      List<String> figures = new ArrayList<>();
      for (Entrant entrant : entrants) {
        entrant
            .attempt(proxy -> entrant.add(Round.measure(proxy, load.load(), options.seconds())))
            .ifPresent(figures::add);
      }
      progress.println(
          load.name() + ": round " + round + ", µs per request: " + String.join(", ", figures));
    }
    entrants.forEach(Entrant::readResident);
    if (options.latency()) {
      load.paced().ifPresent(paced -> latencies(paced, entrants));
    }
    if (options.syscalls()) {
      for (Entrant entrant : entrants) {
        entrant.attempt(proxy -> entrant.set(strace.measure(proxy, load.load(), STRACE_SECONDS)));
      }
    }
    return entrants.stream().map(Entrant::row).toList();
  }

  /** Each at half of what the slowest can do. */
  private static void latencies(PacedLoad paced, List<Entrant> entrants) {
    entrants.stream()
        .filter(entrant -> !entrant.failed())
        .mapToDouble(entrant -> entrant.row().perSecond())
        .min()
        .ifPresent(
            slowest -> {
              for (Entrant entrant : entrants) {
                entrant.attempt(proxy -> entrant.set(paced.run(proxy, slowest / 2, PACED_SECONDS)));
              }
            });
  }
}
