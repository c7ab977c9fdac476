package io.proxyetc.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.proxyetc.HealthCheck;
import io.proxyetc.Limits;
import io.proxyetc.Target;
import io.proxyetc.TargetTls;
import io.proxyetc.internal.health.Checks;
import io.proxyetc.internal.http.probe.SocketProber;
import io.proxyetc.internal.target.AddressState;
import io.proxyetc.internal.target.TargetRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Prints what it costs to probe 5,000 addresses every 2 s, each with a request that nginx answers
 * with a few bytes: processor time of this whole process, compiler and collector included.
 * Arguments, all optional: how many addresses, seconds to warm up, seconds to measure.
 */
public final class Probes {
  private static final int ADDRESSES = 5_000;
  private static final int WARM_UP_SECONDS = 20;
  private static final int SECONDS = 20;

  private Probes() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    int addresses = args.length > 0 ? Integer.parseInt(args[0]) : ADDRESSES;
    int warmUp = args.length > 1 ? Integer.parseInt(args[1]) : WARM_UP_SECONDS;
    int seconds = args.length > 2 ? Integer.parseInt(args[2]) : SECONDS;
    try (Workshop workshop = Workshop.open()) {
      int port = Ports.free();
      Files.writeString(
          workshop.directory().resolve("probed.conf"),
          configuration(workshop.directory(), addresses, port));
      List<String> command = NginxProcess.command(workshop.directory(), "probed.conf");
      Process nginx = workshop.processes().start("probed", command, Map.of());
      Ports.awaitOpen("probed", nginx, port, Duration.ofSeconds(10), workshop.processes());
      probe(addresses, port, warmUp, seconds);
    }
  }

  private static void probe(int addresses, int port, int warmUp, int seconds)
      throws IOException, InterruptedException {
    TargetRegistry registry = new TargetRegistry();
    HealthCheck check = HealthCheck.http("/healthz");
    AtomicInteger healthy = new AtomicInteger();
    try (Checks checks = new Checks("checks", new SocketProber("checks", Limits.DEFAULT))) {
      for (int i = 0; i < addresses; i++) {
        Target target = Target.of("http://" + address(i) + ":" + port);
        AddressState address = registry.address(target, TargetTls.DEFAULT);
        checks.watch(address, check, null, (up, reason) -> healthy.addAndGet(up ? 1 : -1));
      }
      TimeUnit.SECONDS.sleep(warmUp);
      int before = healthy.get();
      long begun = checks.probes();
      long start = System.nanoTime();
      long cpu = cpuNanos();
      TimeUnit.SECONDS.sleep(seconds);
      double took = (System.nanoTime() - start) / 1e9;
      double used = (cpuNanos() - cpu) / 1e9;
      long probes = checks.probes() - begun;
      System.out.printf(
          "%d addresses (healthy: %d before, %d after), %.0f probes/s, failed %d, late %d:"
              + " %.3f of a core, %.1f µs of CPU per probe%n",
          addresses,
          before,
          healthy.get(),
          probes / took,
          checks.failures(),
          checks.late(),
          used / took,
          used * 1e6 / probes);
      System.out.println(timeWait() + "; load average " + load());
    }
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static String timeWait() throws IOException {
    return Files.readAllLines(Path.of("/proc/net/sockstat")).stream()
        .filter(line -> line.startsWith("TCP:"))
        .collect(Collectors.joining());
  }

  private static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).strip();
  }

  private static String address(int i) {
    return i == 0 ? Ports.LOOPBACK : "127.1." + i / 250 + "." + (1 + i % 250);
  }

  private static String configuration(Path directory, int addresses, int port) {
    List<String> listens = new ArrayList<>(addresses);
    for (int i = 0; i < addresses; i++) {
      listens.add("listen " + address(i) + ":" + port + ";");
    }
    return NginxProcess.preamble("probed", directory, 1)
        + "server { %s location / { return 200 \"ok\"; } } }\n"
            .formatted(String.join("\n", listens));
  }
}
