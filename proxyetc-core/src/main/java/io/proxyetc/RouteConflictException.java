package io.proxyetc;

/**
 * A change was refused because a route had moved on since it was read. Nothing of it was applied.
 */
public final class RouteConflictException extends ProxyException {
  private static final long serialVersionUID = 1L;

  private final String routeId;
  private final long expected;
  private final long actual;

  /**
   * @param expected the revision that the change was based on; 0: the route had to be absent
   * @param actual the revision that the store holds; 0: there is no such route
   */
  public RouteConflictException(String routeId, long expected, long actual) {
    super(
        "route "
            + routeId
            + ": expected "
            + (expected == 0 ? "no such route" : "revision " + expected)
            + " but found "
            + (actual == 0 ? "none" : "revision " + actual)
            + "; read it again and repeat the change");
    this.routeId = routeId;
    this.expected = expected;
    this.actual = actual;
  }

  public String routeId() {
    return routeId;
  }

  public long expected() {
    return expected;
  }

  public long actual() {
    return actual;
  }
}
