package io.proxyetc.spi;

import io.proxyetc.Target;

/** A target as a balancer sees it. */
public interface TargetView {
  /** Address and weight. */
  Target target();

  /** Requests in flight to it now, from this proxy, for this route and group. */
  int inFlight();
}
