package io.proxyetc;

import java.util.List;
import java.util.Map;

/**
 * A sum over all IO threads, read without stopping them: each number is exact, the record as a
 * whole is not one instant. Numbers only rise, but for those of the present ({@code open…}, {@code
 * inFlight}, {@code pending}, {@code buffered…}, the first four of {@code health}).
 *
 * @param requests requests that were answered, by us or by a target
 * @param statusClasses answers by class: index 0 for 1xx … 4 for 5xx
 * @param bytesIn body bytes from clients
 * @param bytesOut body bytes to clients
 * @param openConnections clients connected now
 * @param accepted client connections so far
 * @param inFlight requests being answered now
 * @param openUpstream connections to targets now
 * @param upstreamConnects connections to targets so far
 * @param upstreamConnectFailures failed ones among them
 * @param retries further attempts so far
 * @param retriesRefused further attempts that a budget did not allow
 * @param rateLimited requests beyond a rate limit
 * @param pending requests that wait for room at their targets now
 * @param pendingTimedOut those that waited in vain so far
 * @param pendingRefused those that were not let wait, as too many did
 * @param bufferedBytes bytes waiting for slow readers now
 * @param accessLogDropped lines the access log could not keep up with
 * @param eventsDropped events that a notifier could not keep up with
 * @param eventsFailed events that a notifier could not tell
 * @param health of the targets, and what probes found
 * @param groups per {@code route/group}: what its targets answered
 */
public record ProxyStats(
    long requests,
    List<Long> statusClasses,
    long bytesIn,
    long bytesOut,
    long openConnections,
    long accepted,
    long inFlight,
    long openUpstream,
    long upstreamConnects,
    long upstreamConnectFailures,
    long retries,
    long retriesRefused,
    long rateLimited,
    long pending,
    long pendingTimedOut,
    long pendingRefused,
    long bufferedBytes,
    long accessLogDropped,
    long eventsDropped,
    long eventsFailed,
    HealthStats health,
    Map<String, GroupStats> groups) {

  /**
   * How targets stand now, and what was asked of them so far.
   *
   * @param targets of live routes, counted for each group that names them; those that drain
   *     included
   * @param unhealthy how many of them are UNHEALTHY: see {@link TargetStatus.Observed}
   * @param retiring how many of them no route names any more
   * @param watched addresses that are probed, each once per different check
   * @param probes that were made so far
   * @param probesFailed those that failed
   * @param probesLate those that began half a second late or more, since too many were under way
   */
  public record HealthStats(
      long targets,
      long unhealthy,
      long retiring,
      long watched,
      long probes,
      long probesFailed,
      long probesLate) {}

  /**
   * One group of one route.
   *
   * @param requests answered by its targets
   * @param failures answered with 5xx, or not at all
   * @param p50Micros half of the answers began within this, in microseconds
   * @param p99Micros 99 of 100 answers did
   * @param maxMicros all did
   */
  public record GroupStats(
      long requests, long failures, long p50Micros, long p99Micros, long maxMicros) {}
}
