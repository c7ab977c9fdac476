package io.proxyetc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Counts the system calls of a proxy under load: {@code strace -f -c}, attached for a while. */
final class Strace {

  private static final Duration ATTACH_BOUND = Duration.ofSeconds(15);
  private static final long BETWEEN_LOOKS_NANOS = 50_000_000;

  private final Processes processes;
  private final Path table;

  Strace(Processes processes, Path directory) {
    this.processes = processes;
    this.table = directory.resolve("strace.table");
  }

  /** Runs the load with strace attached; counts are per request. Blocks. */
  SyscallsPerRequest measure(Proxy proxy, Load load, int seconds) {
    List<Long> pids = proxy.tree().pids();
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-c", "-o", table.toString()));
    pids.forEach(pid -> command.addAll(List.of("-p", pid.toString())));
    Process strace = processes.start("strace", command, Map.of());
    LoadResult result;
    try {
      awaitAttached(strace, pids.size());
      result = load.run(proxy, seconds);
    } finally {
      processes.stop(strace);
    }
    try {
      SyscallCounts counts = SyscallCounts.parse(Files.readString(table));
      return new SyscallsPerRequest(counts, result.requests());
    } catch (IOException e) {
      throw new BenchmarkException(
          "strace: no table in " + table + ":\n" + processes.output("strace"), e);
    }
  }

  private void awaitAttached(Process strace, int expected) {
    long end = System.nanoTime() + ATTACH_BOUND.toNanos();
    while (processes.output("strace").lines().filter(l -> l.contains("attached")).count()
        < expected) {
      if (!strace.isAlive() || System.nanoTime() - end > 0) {
        throw new BenchmarkException(
            "strace: not attached; may this user trace processes? It said:\n"
                + processes.output("strace"));
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }
}
