package io.proxyetc;

import io.proxyetc.spi.Balancer;
import io.proxyetc.spi.HealthNotifier;
import io.proxyetc.spi.ProxyExtension;
import io.proxyetc.spi.RouteStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link ProxyServer.Builder} describes, as it is handed to the assembly.
 *
 * @param listens at least one
 * @param store empty: in memory
 * @param balancers by name
 * @param notifiers who hears of events
 * @param extensions what starts with the proxy
 * @param limits what is bounded
 * @param trustedPeers addresses or networks
 * @param accessLog empty: none
 * @param lastGood empty: no copy is kept
 * @param sessionSecret empty: one is made, and kept where routes are kept
 * @param firstRoutes what an empty store begins with
 * @param ioThreads at least one
 */
public record ProxyConfig(
    List<ProxyServer.Builder.Listen> listens,
    Optional<RouteStore> store,
    Map<String, Balancer> balancers,
    List<HealthNotifier> notifiers,
    List<ProxyExtension> extensions,
    Limits limits,
    List<String> trustedPeers,
    Optional<AccessLog> accessLog,
    Optional<Path> lastGood,
    Optional<SessionSecret> sessionSecret,
    List<Route> firstRoutes,
    int ioThreads) {}
