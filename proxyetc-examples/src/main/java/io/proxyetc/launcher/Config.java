package io.proxyetc.launcher;

import io.proxyetc.AccessLog;
import io.proxyetc.Limits;
import io.proxyetc.Route;
import io.proxyetc.Tls;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a configuration file says, checked. Paths are absolute.
 *
 * @param http empty: no plain listener
 * @param https empty: no TLS
 * @param store where the routes are kept
 * @param routes the first content of an empty store
 * @param trustedPeers addresses and networks
 * @param limits what is bounded
 * @param level of the log
 * @param libraries what others than the proxy itself may log
 * @param accessLog empty: none
 * @param warnings what a later version will do, as sentences
 */
record Config(
    Optional<Listener> http,
    Optional<Listener> https,
    Store store,
    List<Route> routes,
    List<String> trustedPeers,
    Limits limits,
    LogLevel level,
    LogLevel libraries,
    Optional<AccessLog> accessLog,
    List<String> warnings) {

  /**
   * The same on free ports of the loopback address, leaving no trace on disk.
   *
   * @param stored what the store holds; where it is empty the trial takes the first routes
   */
  Config forTrial(List<Route> stored) {
    return new Config(
        http.map(Listener::forTrial),
        https.map(Listener::forTrial),
        new Store(Optional.empty()),
        stored.isEmpty() ? routes : stored,
        trustedPeers,
        limits,
        level,
        libraries,
        Optional.empty(),
        warnings);
  }

  /** A listener; {@code tls} is there for https only. */
  record Listener(String hostname, int port, Optional<Tls> tls) {
    private Listener forTrial() {
      return new Listener("127.0.0.1", 0, tls);
    }
  }

  /**
   * Where routes are kept.
   *
   * @param file the JSON file; empty: in memory
   */
  record Store(Optional<Path> file) {}
}
