package io.proxyetc.spi;

import java.util.Map;
import java.util.Set;

/**
 * What a store holds at one revision. Immutable: a store that changes its maps afterwards breaks
 * the proxy.
 *
 * @param revision rises with each snapshot
 * @param routes route id to route
 * @param changed ids that were put or deleted, or became valid or invalid, since the snapshot
 *     before, so that one change among 100,000 is compiled as one. Ignored for the first snapshot
 * @param invalid ids (or file names) the store holds but could not read: to what is wrong. The
 *     store logs it. Of such an id {@code routes} holds the last good version, if the store has
 *     one; else what is live under it stays live
 * @param stale whether this was read from a copy because the store itself is away
 */
public record RouteSnapshot(
    long revision,
    Map<String, StoredRoute> routes,
    Set<String> changed,
    Map<String, String> invalid,
    boolean stale) {}
