package io.proxyetc.benchmarks;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What one proxy did in one case.
 *
 * @param proxy its name
 * @param rounds in their order
 * @param latency at a fixed rate, where measured
 * @param syscalls where measured
 * @param residentAtStart bytes before any load at all
 * @param residentAfter bytes after this load
 * @param fault why not all of it was measured
 */
record Row(
    String proxy,
    List<Round> rounds,
    Optional<Latency> latency,
    Optional<SyscallsPerRequest> syscalls,
    long residentAtStart,
    long residentAfter,
    Optional<String> fault) {

  Row {
    rounds = List.copyOf(rounds);
  }

  double cpuMicros() {
    return Medians.of(rounds.stream().map(round -> round.perRequest().totalMicros()).toList());
  }

  double userMicros() {
    return Medians.of(rounds.stream().map(round -> round.perRequest().userMicros()).toList());
  }

  double perSecond() {
    return Medians.of(rounds.stream().map(round -> round.load().perSecond()).toList());
  }

  long failed() {
    return rounds.stream().mapToLong(round -> round.load().failed()).sum();
  }

  /**
   * Processor time per request as a multiple of another's: the median of the ratios of each round,
   * so that what disturbs the machine for a while disturbs both sides.
   */
  double cpuRatioTo(Row other) {
    return Medians.of(
        IntStream.range(0, Math.min(rounds.size(), other.rounds.size()))
            .mapToObj(
                i ->
                    rounds.get(i).perRequest().totalMicros()
                        / other.rounds.get(i).perRequest().totalMicros())
            .toList());
  }
}
