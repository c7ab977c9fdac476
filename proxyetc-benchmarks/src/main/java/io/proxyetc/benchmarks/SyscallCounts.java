package io.proxyetc.benchmarks;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * How often each system call was made, as {@code strace -c} counts.
 *
 * @param calls by name
 */
record SyscallCounts(Map<String, Long> calls) {

  private static final Set<String> READS = Set.of("read", "readv", "recvfrom", "recvmsg");
  private static final Set<String> WRITES =
      Set.of("write", "writev", "sendto", "sendmsg", "sendfile", "splice");

  SyscallCounts {
    calls = Map.copyOf(calls);
  }

  /** Reads strace's table: {@code % time, seconds, usecs/call, calls, [errors,] syscall}. */
  static SyscallCounts parse(String table) {
    Map<String, Long> calls = new TreeMap<>();
    for (String line : table.lines().toList()) {
      String[] columns = line.strip().split(" +", -1);
      boolean row = columns.length >= 5 && columns[0].matches("[\\d.]+");
      if (row && !columns[columns.length - 1].equals("total")) {
        calls.merge(columns[columns.length - 1], Long.parseLong(columns[3]), Long::sum);
      }
    }
    if (calls.isEmpty()) {
      throw new BenchmarkException(
          "strace: no table in its output; may this user trace processes? It said:\n" + table);
    }
    return new SyscallCounts(calls);
  }

  long reads() {
    return sum(READS);
  }

  long writes() {
    return sum(WRITES);
  }

  long of(String name) {
    return calls.getOrDefault(name, 0L);
  }

  long total() {
    return calls.values().stream().mapToLong(Long::longValue).sum();
  }

  private long sum(Set<String> names) {
    return names.stream().mapToLong(this::of).sum();
  }
}
