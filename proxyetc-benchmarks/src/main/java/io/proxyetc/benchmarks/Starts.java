package io.proxyetc.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How soon this project's proxy answers that is started by its script, and what it takes then. */
final class Starts {

  /** Figures of the goals. */
  static final String FIRST_BYTE = "s from exec to the first answer, median";

  static final String RESIDENT = "MiB resident once started, median";

  private static final String NAME = "start";
  private static final double MIB = 1024.0 * 1024.0;
  private static final int STARTS = 10;
  private static final long BETWEEN_TRIES_NANOS = 2_000_000;
  private static final long BOUND_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final Duration SETTLED = Duration.ofSeconds(1);

  private final Site site;

  Starts(Site site) {
    this.site = site;
  }

  String measure(Measured measured) {
    start(); // an archive of classes may be missing for this JDK; and the disk is read
    List<Double> seconds = new ArrayList<>();
    List<Double> resident = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      Start start = start();
      seconds.add(start.seconds());
      resident.add(start.residentBytes() / MIB);
    }
    measured.figure(NAME, FIRST_BYTE, Medians.of(seconds));
    measured.figure(NAME, RESIDENT, Medians.of(resident));
    Table table = new Table(List.of("of " + STARTS + " starts", "least", "median", "most"));
    table.row(cells("seconds from exec to the first answer", seconds));
    table.row(cells("MiB resident a second later", resident));
    return "### start: ./proxyetc run with an http and an https listener and one route\n\n"
        + table.print();
  }

  private static List<String> cells(String what, List<Double> figures) {
    List<Double> sorted = figures.stream().sorted().toList();
    return List.of(
        what,
        Report.fine(sorted.get(0)),
        Report.fine(Medians.of(figures)),
        Report.fine(sorted.get(sorted.size() - 1)));
  }

  private Start start() {
    int port = Ports.free();
    long begun = System.nanoTime();
    Process process = new ProxyetcPeer(NAME).launch(site, port, Ports.free());
    try (BlockingClient client = firstClient(process, port, begun)) {
      client.get("/1k");
      double seconds = (System.nanoTime() - begun) / 1e9;
      TimeUnit.MILLISECONDS.sleep(SETTLED.toMillis());
      return new Start(seconds, ProcessTree.of(process.pid()).residentBytes());
    } catch (IOException e) {
      throw new BenchmarkException(NAME + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      throw Processes.interrupted(NAME, e);
    } finally {
      site.processes().stop(process);
    }
  }

  private BlockingClient firstClient(Process process, int port, long begun) {
    while (true) {
      try {
        return new BlockingClient(port, BlockingClient.buffer());
      } catch (IOException notYet) {
        if (!process.isAlive() || System.nanoTime() - begun > BOUND_NANOS) {
          throw new BenchmarkException(
              NAME + ": it does not listen:\n" + site.processes().output(NAME).strip(), notYet);
        }
        LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
      }
    }
  }

  /** Until the first answer, and what it took a little later. */
  private record Start(double seconds, long residentBytes) {}
}
