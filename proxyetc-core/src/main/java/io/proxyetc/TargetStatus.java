package io.proxyetc;

/**
 * How a target of a live route stands at this moment, on this proxy.
 *
 * @param route the route's id
 * @param group the group's name
 * @param target as the route has it, its operator's {@link Target#state} included
 * @param health what is observed
 * @param retiring whether no route names it any more, or a switch has left it: it drains by itself
 * @param inFlight requests in flight to it, upgraded connections included, from this route and
 *     group
 * @param sockets open connections to its address, whichever routes they serve
 */
public record TargetStatus(
    String route,
    String group,
    Target target,
    Observed health,
    boolean retiring,
    int inFlight,
    int sockets) {

  /** What probes and requests say. */
  public enum Observed {
    /** Nobody asks, and no request had anything against it; or its first probe is to come. */
    UNKNOWN,
    /** Its probes are good. */
    HEALTHY,
    /** Its probes are bad, or requests failed at it and none has succeeded since. */
    UNHEALTHY
  }
}
