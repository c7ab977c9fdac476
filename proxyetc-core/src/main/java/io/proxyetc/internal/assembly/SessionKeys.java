package io.proxyetc.internal.assembly;

import io.proxyetc.ProxyConfig;
import io.proxyetc.ProxyException;
import io.proxyetc.SessionSecret;
import io.proxyetc.internal.balance.SessionKey;
import io.proxyetc.internal.store.FileRouteStore;
import io.proxyetc.internal.store.KeptSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key of sticky sessions: from the secret that was given, or else from one that is kept beside
 * the routes, or else from one that lives as long as this process. It is made when the first route
 * asks for it: a proxy without sticky sessions leaves no file behind. Any thread that may block.
 */
final class SessionKeys implements Supplier<SessionKey> {
  private static final Logger LOG = LoggerFactory.getLogger(SessionKeys.class);
  private static final String REMEDY = "give sessionSecret(…)";

  private final Optional<SessionSecret> given;
  private final Optional<Path> routes;
  private @Nullable SessionKey key; // guarded by this

  private SessionKeys(Optional<SessionSecret> given, Optional<Path> routes) {
    this.given = given;
    this.routes = routes;
  }

  static SessionKeys of(ProxyConfig config) {
    Optional<Path> stored =
        config.store().flatMap(s -> s instanceof FileRouteStore f ? Optional.of(f.path()) : none());
    return new SessionKeys(config.sessionSecret(), stored.or(config::lastGood));
  }

  private static Optional<Path> none() {
    return Optional.empty();
  }

  @Override
  public synchronized SessionKey get() {
    SessionKey known = key;
    if (known == null) {
      known = new SessionKey(given.or(this::kept).orElseGet(SessionKeys::passing).bytes());
      key = known;
    }
    return known;
  }

  private Optional<SessionSecret> kept() {
    if (routes.isEmpty()) {
      LOG.warn(
          "sticky sessions: there is no place to keep their secret, so they end with this process;"
              + " {}, a file store or lastGood(…) to keep them",
          REMEDY);
      return Optional.empty();
    }
    try {
      return Optional.of(KeptSecret.beside(routes.get()));
    } catch (IOException | ProxyException e) {
      LOG.warn(
          "sticky sessions: their secret cannot be kept, so they end with this process: {}; mend"
              + " that, or {}",
          e.getMessage(),
          REMEDY);
      return Optional.empty();
    }
  }

  private static SessionSecret passing() {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    return SessionSecret.of(random);
  }
}
