package io.proxyetc.launcher;

import io.proxyetc.AccessLog;
import io.proxyetc.Limits;
import io.proxyetc.Route;
import io.proxyetc.SessionSecret;
import io.proxyetc.Tls;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a configuration file says, checked. Paths are absolute.
 *
 * @param http empty: no plain listener
 * @param https empty: no TLS
 * @param store where the routes are kept
 * @param sessionSecret of sticky sessions; empty: the proxy makes one and keeps it by its routes
 * @param routes the first content of an empty store
 * @param trustedPeers addresses and networks
 * @param limits what is bounded
 * @param level of the log
 * @param libraries what others than the proxy itself may log
 * @param accessLog empty: none
 * @param alerts who hears of events, beside the log
 * @param places where each file is named
 * @param warnings what a later version will do, as sentences
 */
record Config(
    Optional<Listener> http,
    Optional<Listener> https,
    Store store,
    Optional<SessionSecret> sessionSecret,
    List<Route> routes,
    List<String> trustedPeers,
    Limits limits,
    LogLevel level,
    LogLevel libraries,
    Optional<AccessLog> accessLog,
    List<Alert> alerts,
    Map<Path, Place> places,
    List<String> warnings) {

  /** The same with routes in memory, on a free port of the loopback address and without TLS. */
  Config trialOf(List<Route> tried) {
    return trial(
        Optional.of(new Listener("127.0.0.1", 0, Optional.empty())), Optional.empty(), tried);
  }

  /** The same for each certificate alone, without routes. */
  List<Config> trialsOfTls() {
    Tls tls = https.flatMap(Listener::tls).orElse(null);
    return tls == null
        ? List.of()
        : tls.certificates().stream()
            .map(pem -> new Tls(List.of(pem), tls.clientAuth(), tls.clientTrust(), tls.http2()))
            .map(one -> new Listener("127.0.0.1", 0, Optional.of(one)))
            .map(listener -> trial(Optional.empty(), Optional.of(listener), List.of()))
            .toList();
  }

  private Config trial(Optional<Listener> plain, Optional<Listener> secure, List<Route> tried) {
    return new Config(
        plain,
        secure,
        new Store(Optional.empty()),
        Optional.of(SessionSecret.of(new byte[SessionSecret.LEAST])), // it serves nobody
        tried,
        trustedPeers,
        limits,
        level,
        libraries,
        Optional.empty(),
        List.of(),
        places,
        warnings);
  }

  /** A listener; {@code tls} is there for https only. */
  record Listener(String hostname, int port, Optional<Tls> tls) {}

  /**
   * Where routes are kept.
   *
   * @param file the JSON file; empty: in memory
   */
  record Store(Optional<Path> file) {}
}
