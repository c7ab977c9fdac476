package io.proxyetc.spi;

import java.util.List;

/**
 * Spreads requests over the targets of a group.
 *
 * <pre>{@code
 * Balancer first = targets -> (request, attempt) -> attempt < targets.size() ? attempt : -1;
 * }</pre>
 */
@FunctionalInterface
public interface Balancer {

  /**
   * Prepares a picker for one immutable list of targets. Called when a group changes, on a thread
   * that this balancer has for itself, one call at a time. May take its time: where it takes longer
   * than 2 s, the change goes live without it, and the group is served by round robin until the
   * picker is there. What it throws makes the group fall back to round robin. Both are counted,
   * with a line in the log.
   */
  Picker over(List<TargetView> targets);

  /** Orders the candidates of one group. */
  @FunctionalInterface
  interface Picker {
    /**
     * Called on IO threads, many at once: no lock, no blocking, no allocation wanted.
     *
     * @param request what is asked for; not to be kept
     * @param attempt 0 for the first candidate of a request, then 1, 2 … when one was full, down or
     *     failed
     * @return an index into the list, or -1 when there is no further candidate. Each attempt should
     *     give another one: a request asks at most as often as there are targets, and begins again
     *     at 0 for a further try. Targets of weight 0 are in the list, too, and should get nothing.
     *     What it throws is counted and answered with 500
     */
    int pick(RequestView request, int attempt);
  }
}
