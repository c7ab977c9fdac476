package io.proxyetc.benchmarks;

import java.util.List;

/**
 * What {@code /proc/PID/stat} says about the processor time of one process, all its threads
 * included (proc(5)). Children count only once they have ended and were waited for.
 *
 * @param userTicks in user mode, own and ended children's
 * @param systemTicks in the kernel, own and ended children's
 */
record ProcStat(long userTicks, long systemTicks) {

  /** USER_HZ: 100 on every architecture that Debian builds a JDK for. */
  static final int TICKS_PER_SECOND = 100;

  private static final int UTIME = 11;
  private static final int STIME = 12;
  private static final int CUTIME = 13;
  private static final int CSTIME = 14;

  /** Both together, in microseconds. */
  double micros() {
    return (userTicks + systemTicks) * 1e6 / TICKS_PER_SECOND;
  }

  /** Reads the one line of the file. The name in parentheses may hold blanks and parentheses. */
  static ProcStat parse(String line) {
    int afterName = line.lastIndexOf(')');
    if (afterName < 0) {
      throw new BenchmarkException("/proc stat: no process name in '" + line.strip() + "'");
    }
    List<String> fields = List.of(line.substring(afterName + 1).strip().split(" +"));
    if (fields.size() <= CSTIME) {
      throw new BenchmarkException("/proc stat: too few fields in '" + line.strip() + "'");
    }
    return new ProcStat(
        Long.parseLong(fields.get(UTIME)) + Long.parseLong(fields.get(CUTIME)),
        Long.parseLong(fields.get(STIME)) + Long.parseLong(fields.get(CSTIME)));
  }
}
