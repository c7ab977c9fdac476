package io.proxyetc.benchmarks;

import java.util.List;

/**
 * How long one put took, in microseconds from its call.
 *
 * @param completed until the call returned
 * @param answered until the request that followed at once was answered
 * @param live whether that answer was the new version's
 */
record PutTime(long completed, long answered, boolean live) {

  private static final String LIVE = "live";

  /** As {@link #toString} writes it, one in a line; other lines are passed over. */
  static List<PutTime> parse(String output) {
    return output
        .lines()
        .map(line -> line.split(" ", -1))
        .filter(words -> words.length == 4 && words[0].equals("put"))
        .map(
            words ->
                new PutTime(
                    Long.parseLong(words[1]), Long.parseLong(words[2]), words[3].equals(LIVE)))
        .toList();
  }

  @Override
  public String toString() {
    return "put " + completed + " " + answered + " " + (live ? LIVE : "late");
  }
}
