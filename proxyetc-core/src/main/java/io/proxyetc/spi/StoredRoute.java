package io.proxyetc.spi;

import io.proxyetc.Route;

/**
 * A route and the revision of the store that last changed it.
 *
 * @param route the route
 * @param revision 1 or higher
 */
public record StoredRoute(Route route, long revision) {}
