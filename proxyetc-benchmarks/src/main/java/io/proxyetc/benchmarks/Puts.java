package io.proxyetc.benchmarks;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/** How soon a route is live that is put among 100,000, while there is some traffic. */
final class Puts {

  /** Figures of the goals. */
  static final String LIVE = "ms until a put has completed, p99";

  static final String LATE = "puts that completed before they were live";

  private static final String NAME = "put";
  private static final int PUTS = 2_000;
  private static final int PER_SECOND = 200;
  private static final int LIGHT_CONNECTIONS = 8;
  private static final int LIGHT_RATE = 500;
  private static final WarmUp WARM_UP = new WarmUp(2, 4, 10);
  private static final Duration START_BOUND = Duration.ofSeconds(60);
  private static final Duration END_BOUND = Duration.ofSeconds(60);

  private final Site site;
  private final Load warmUp;

  /** {@code warmUp} is traffic over the hosts of the routes. */
  Puts(Site site, Load warmUp) {
    this.site = site;
    this.warmUp = warmUp;
  }

  String measure(Measured measured) {
    int port = Ports.free();
    List<String> arguments =
        List.of(port, site.targetPort(), Cases.ROUTES, PUTS, PER_SECOND).stream()
            .map(String::valueOf)
            .toList();
    Process process =
        JavaProgram.start(NAME, PutProxy.class, site, ProxyetcPeer.jvmFlags(site), arguments);
    try {
      Ports.awaitOpen(NAME, process, port, START_BOUND, site.processes());
      Proxy proxy = Proxy.started(NAME, process, port, 0, true);
      WARM_UP.run(proxy, warmUp);
      Latency beside = putBesideTraffic(process, proxy);
      awaitEnd(process);
      return report(PutTime.parse(site.processes().output(NAME)), beside, measured);
    } finally {
      site.processes().stop(process);
    }
  }

  /** Returns how the traffic fared. */
  private static Latency putBesideTraffic(Process process, Proxy proxy) {
    try (OutputStream input = process.getOutputStream()) {
      input.write('\n');
      input.flush();
      return new FixedRate(LIGHT_CONNECTIONS, "/1k", 0).run(proxy, LIGHT_RATE, PUTS / PER_SECOND);
    } catch (IOException e) {
      throw new BenchmarkException(NAME + ": it does not listen any more: " + e.getMessage(), e);
    }
  }

  private void awaitEnd(Process process) {
    try {
      if (!process.waitFor(END_BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new BenchmarkException(NAME + ": not done after " + END_BOUND.toSeconds() + " s");
      }
    } catch (InterruptedException e) {
      throw Processes.interrupted(NAME, e);
    }
    if (process.exitValue() != 0) {
      throw new BenchmarkException(
          NAME
              + ": ended with "
              + process.exitValue()
              + ":\n"
              + site.processes().output(NAME).strip());
    }
  }

  private static String report(List<PutTime> times, Latency beside, Measured measured) {
    long late = times.stream().filter(time -> !time.live()).count();
    Percentiles completed = percentiles(times, PutTime::completed);
    Percentiles answered = percentiles(times, PutTime::answered);
    measured.figure(NAME, LIVE, completed.at(0.99) / 1000);
    measured.figure(NAME, LATE, (double) late);
    Table table = new Table(List.of("from the call until, µs", "p50", "p99", "p99.9", "max"));
    table.row(cells("it completed", completed));
    table.row(cells("a request got the new version", answered));
    return "### put: single routes put among "
        + Cases.ROUTES
        + " in memory, "
        + PER_SECOND
        + " a second\n\n"
        + table.print()
        + "\n%,d puts; %d completed before they were live.\n".formatted(times.size(), late)
        + "Requests beside them, %d a second: p50 %s µs, p99 %s µs.\n"
            .formatted(LIGHT_RATE, Report.decimal(beside.p50()), Report.decimal(beside.p99()));
  }

  private static Percentiles percentiles(List<PutTime> times, ToLongFunction<PutTime> time) {
    return new Percentiles(times.stream().mapToLong(time).toArray(), times.size());
  }

  private static List<String> cells(String what, Percentiles times) {
    return List.of(
        what,
        Report.decimal(times.at(0.50)),
        Report.decimal(times.at(0.99)),
        Report.decimal(times.at(0.999)),
        Report.decimal(times.at(1)));
  }
}
