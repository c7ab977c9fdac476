package io.proxyetc.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * One case with several proxies: all are warmed up, then take turns (A B C A B C …), then answer
 * at one fixed rate, then under strace.
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
    for (Proxy proxy : proxies) {
      progress.println(load.name() + ": " + proxy.name() + " warms up");
      warmUp.run(proxy, load.load());
    }
    List<List<Round>> rounds = rounds(load, proxies);
    double rate = slowest(rounds) / 2;
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < proxies.size(); i++) {
      Proxy proxy = proxies.get(i);
      long resident = proxy.tree().residentBytes();
      Optional<Latency> latency =
          options.latency()
              ? load.paced().map(paced -> paced.run(proxy, rate, PACED_SECONDS))
              : Optional.empty();
      Optional<SyscallsPerRequest> syscalls =
          options.syscalls()
              ? Optional.of(strace.measure(proxy, load.load(), STRACE_SECONDS))
              : Optional.empty();
      rows.add(
          new Row(
              proxy.name(), rounds.get(i), latency, syscalls, proxy.residentAtStart(), resident));
    }
    return rows;
  }

  private List<List<Round>> rounds(Case load, List<Proxy> proxies) {
    List<List<Round>> rounds = new ArrayList<>();
    proxies.forEach(proxy -> rounds.add(new ArrayList<>()));
    for (int round = 1; round <= options.rounds(); round++) {
      StringBuilder line = new StringBuilder(load.name() + ": round " + round + ":");
      for (int i = 0; i < proxies.size(); i++) {
        Round measured = Round.measure(proxies.get(i), load.load(), options.seconds());
        rounds.get(i).add(measured);
        line.append(
            " %s %.1f µs".formatted(proxies.get(i).name(), measured.perRequest().totalMicros()));
      }
      progress.println(line);
    }
    return rounds;
  }

  private static double slowest(List<List<Round>> rounds) {
    return IntStream.range(0, rounds.size())
        .mapToDouble(
            i -> Medians.of(rounds.get(i).stream().map(round -> round.load().perSecond()).toList()))
        .min()
        .orElseThrow();
  }
}
