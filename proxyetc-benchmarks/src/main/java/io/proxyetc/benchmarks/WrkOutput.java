package io.proxyetc.benchmarks;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what wrk prints at its end. */
final class WrkOutput {

  private static final Pattern SUMMARY =
      Pattern.compile("(\\d+) requests in ([\\d.]+)(us|ms|s|m|h),");
  private static final Pattern SOCKET_ERRORS =
      Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");
  private static final Pattern BAD_STATUS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

  private WrkOutput() {}

  static LoadResult parse(String output) {
    Matcher summary = SUMMARY.matcher(output);
    if (!summary.find()) {
      throw new BenchmarkException("wrk: no summary in its output:\n" + output);
    }
    long refused = badStatus(output);
    long answered = Long.parseLong(summary.group(1)) - refused;
    double seconds = Double.parseDouble(summary.group(2)) * secondsOf(summary.group(3));
    return new LoadResult(answered, socketErrors(output) + refused, seconds);
  }

  private static long socketErrors(String output) {
    long failed = 0;
    Matcher errors = SOCKET_ERRORS.matcher(output);
    if (errors.find()) {
      for (int group = 1; group <= errors.groupCount(); group++) {
        failed += Long.parseLong(errors.group(group));
      }
    }
    return failed;
  }

  private static long badStatus(String output) {
    Matcher status = BAD_STATUS.matcher(output);
    return status.find() ? Long.parseLong(status.group(1)) : 0;
  }

  private static double secondsOf(String unit) {
    return switch (unit) {
      case "us" -> 1e-6;
      case "ms" -> 1e-3;
      case "m" -> 60;
      case "h" -> 3600;
      default -> 1;
    };
  }
}
