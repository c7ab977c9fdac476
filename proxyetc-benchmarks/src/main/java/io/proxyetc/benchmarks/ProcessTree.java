package io.proxyetc.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A process and all that it started: what {@code /proc} says about them, added up.
 *
 * @param root the process at the top
 */
record ProcessTree(ProcessHandle root) {

  static ProcessTree of(long pid) {
    return new ProcessTree(
        ProcessHandle.of(pid)
            .orElseThrow(
                () -> new BenchmarkException("process " + pid + ": it is not running; start it")));
  }

  List<Long> pids() {
    return Stream.concat(Stream.of(root), root.descendants()).map(ProcessHandle::pid).toList();
  }

  /** Processor time of all threads of all processes since they started. */
  CpuTime cpuTime() {
    double microsPerTick = 1_000_000.0 / ProcStat.TICKS_PER_SECOND;
    double user = 0;
    double system = 0;
    for (long pid : pids()) {
      String line = read(pid, "stat");
      if (!line.isEmpty()) {
        ProcStat stat = ProcStat.parse(line);
        user += stat.userTicks() * microsPerTick;
        system += stat.systemTicks() * microsPerTick;
      }
    }
    return new CpuTime(user, system);
  }

  /** Processor time of the JIT compiler's threads, as far as they still live: microseconds. */
  double compilerMicros() {
    double micros = 0;
    for (long pid : pids()) {
      for (String thread : threads(pid)) {
        String task = "task/" + thread + "/";
        if (read(pid, task + "comm").matches("C[12] Compiler.*\\n?")) {
          String line = read(pid, task + "stat");
          micros += line.isEmpty() ? 0 : ProcStat.parse(line).micros();
        }
      }
    }
    return micros;
  }

  private static List<String> threads(long pid) {
    String[] names = Path.of("/proc", Long.toString(pid), "task").toFile().list();
    return names == null ? List.of() : List.of(names);
  }

  /** Resident bytes now; pages that processes share count once for each. */
  long residentBytes() {
    return pids().stream().mapToLong(pid -> ProcStatus.bytes(read(pid, "status"), "VmRSS")).sum();
  }

  /** The most resident bytes that each process has ever had, added up. */
  long peakResidentBytes() {
    return pids().stream().mapToLong(pid -> ProcStatus.bytes(read(pid, "status"), "VmHWM")).sum();
  }

  /** The file's text, or nothing once the process has ended. */
  private static String read(long pid, String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (NoSuchFileException ended) {
      return "";
    } catch (IOException e) {
      if (ProcessHandle.of(pid).isEmpty()) {
        return "";
      }
      throw new BenchmarkException("/proc/" + pid + "/" + file + ": " + e.getMessage(), e);
    }
  }
}
