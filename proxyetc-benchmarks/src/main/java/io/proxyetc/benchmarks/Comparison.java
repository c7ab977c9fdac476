package io.proxyetc.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * Runs the comparison from the command line; see {@code ./benchmark --help}. Progress goes to the
 * standard error stream, tables to the standard output.
 */
public final class Comparison {

  private Comparison() {}

  /** Ends with 0, or with 1 when something could not be measured. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream progress = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    try {
      Options options = Options.parse(List.of(args));
      if (options.help()) {
        out.print(Options.USAGE.formatted(String.join(",", Options.CASES), peers()));
        return;
      }
      int failures = measure(options, List.of(args), out, progress);
      if (failures > 0) {
        throw new BenchmarkException("not all was measured, see above (" + failures + " failures)");
      }
    } catch (CancellationException stopped) {
      progress.println("benchmark: stopped");
    } catch (BenchmarkException | IOException e) {
      progress.println("benchmark: " + e.getMessage());
      System.exit(1);
    }
  }

  private static int measure(
      Options options, List<String> args, PrintStream out, PrintStream progress)
      throws IOException {
    progress.printf("This takes about %d min.%n", Math.max(1, Estimate.seconds(options) / 60));
    try (Workshop workshop = Workshop.open()) {
      Session session = new Session(options, workshop, repository(), out, progress);
      String report = session.run(args);
      if (options.out().isPresent()) {
        Files.writeString(options.out().get(), report);
      }
      return session.failures();
    }
  }

  /** The project's root directory, which {@code ./benchmark} passes on. */
  private static Path repository() {
    return Path.of(System.getProperty("proxyetc.repository", ".")).toAbsolutePath().normalize();
  }

  private static String peers() {
    return String.join(",", Options.PEERS);
  }
}
