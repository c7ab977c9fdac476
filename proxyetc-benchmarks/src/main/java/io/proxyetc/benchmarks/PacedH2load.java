package io.proxyetc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * h2load at a fixed rate over TLS. Its clients send every 10 ms what became due since, all at once:
 * its latencies compare with each other only, not with {@link FixedRate}'s.
 *
 * @param processes starts it
 * @param connections at once
 * @param protocol options that choose the protocol
 * @param path what to ask for
 * @param directory for its log
 */
record PacedH2load(
    Processes processes, int connections, List<String> protocol, String path, Path directory)
    implements PacedLoad {

  @Override
  public Latency run(Proxy proxy, double rate, int seconds) {
    Path log = directory.resolve("h2load-requests.log");
    String perClient = String.format(Locale.ROOT, "%.2f", rate / connections);
    try {
      Files.deleteIfExists(log);
      processes.run(
          "h2load",
          java.util.stream.Stream.of(
                  List.of("h2load", "-t1", "-c" + connections, "-D" + seconds),
                  protocol,
                  List.of("--rps=" + perClient, "--log-file=" + log, proxy.https(path)))
              .flatMap(List::stream)
              .toList(),
          Duration.ofSeconds(seconds + 15L));
      long[] micros =
          Files.readAllLines(log).stream()
              .mapToLong(line -> Long.parseLong(line.split("\t", -1)[2]))
              .toArray();
      return Latency.of(rate, micros, micros.length);
    } catch (IOException e) {
      throw new BenchmarkException(log + ": " + e.getMessage(), e);
    }
  }
}
