package io.proxyetc.benchmarks;

import java.util.Set;

/** How long a run will take, roughly, so that one can decide before it starts. */
final class Estimate {

  private static final Set<String> OWN = Set.of("routes100k", "put", "start", "idle10k", "big");
  private static final int EXTRA_CASE_SECONDS = 30;
  private static final int START_SECONDS = 15;
  private static final int WARM_UP_SECONDS = 16;

  private Estimate() {}

  static int seconds(Options options) {
    long shared = options.cases().stream().filter(name -> !OWN.contains(name)).count();
    int proxies = options.peers().size() + (options.attached().isPresent() ? 1 : 0);
    long jvms =
        options.peers().stream().filter(p -> p.equals("proxyetc") || p.equals("undertow")).count();
    long perProxy =
        (long) options.rounds() * options.seconds()
            + 1
            + (options.latency() ? 6 : 0)
            + (options.syscalls() ? 5 : 0);
    long total = START_SECONDS + shared * (proxies * perProxy + jvms * WARM_UP_SECONDS);
    if (options.cases().contains("routes100k")) {
      total += 2 * (perProxy + WARM_UP_SECONDS) + START_SECONDS;
    }
    total +=
        EXTRA_CASE_SECONDS
            * options.cases().stream()
                .filter(name -> OWN.contains(name) && !name.equals("routes100k"))
                .count();
    return Math.toIntExact(total);
  }
}
