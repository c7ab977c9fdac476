package io.proxyetc.benchmarks;

/** Reads {@code /proc/PID/status} (proc(5)). */
final class ProcStatus {

  private ProcStatus() {}

  /** The bytes of a field that is given in kB, such as {@code VmRSS}; 0 where it is absent. */
  static long bytes(String status, String field) {
    return status
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")) * 1024)
        .findFirst()
        .orElse(0);
  }
}
