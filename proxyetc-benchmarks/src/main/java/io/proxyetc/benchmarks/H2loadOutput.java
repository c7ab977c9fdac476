package io.proxyetc.benchmarks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what h2load prints at its end. */
final class H2loadOutput {

  private static final Pattern FINISHED = Pattern.compile("finished in ([\\d.]+)(us|ms|s|m),");
  private static final Pattern REQUESTS =
      Pattern.compile(
          "requests: \\d+ total, \\d+ started, (\\d+) done, \\d+ succeeded, (\\d+) failed");
  private static final Pattern STATUS =
      Pattern.compile("status codes: (\\d+) 2xx, (\\d+) 3xx, (\\d+) 4xx, (\\d+) 5xx");

  private H2loadOutput() {}

  static LoadResult parse(String output) {
    Matcher finished = FINISHED.matcher(output);
    Matcher requests = REQUESTS.matcher(output);
    Matcher status = STATUS.matcher(output);
    if (!finished.find() || !requests.find() || !status.find()) {
      throw new BenchmarkException("h2load: no summary in its output:\n" + output);
    }
    long good = Long.parseLong(status.group(1)) + Long.parseLong(status.group(2));
    long bad = Long.parseLong(status.group(3)) + Long.parseLong(status.group(4));
    long failed = Math.max(bad, Long.parseLong(requests.group(2)));
    double seconds = Double.parseDouble(finished.group(1)) * secondsOf(finished.group(2));
    return new LoadResult(good, failed, seconds);
  }

  private static double secondsOf(String unit) {
    return switch (unit) {
      case "us" -> 1e-6;
      case "ms" -> 1e-3;
      case "m" -> 60;
      default -> 1;
    };
  }
}
