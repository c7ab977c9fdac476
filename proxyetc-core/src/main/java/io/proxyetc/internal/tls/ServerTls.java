package io.proxyetc.internal.tls;

import io.proxyetc.ProxyException;
import io.proxyetc.Tls;
import io.proxyetc.spi.HealthEvent;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of one listener: certificates from PEM files, chosen by SNI, watched on disk.
 *
 * <p>There is one SSLContext for the life of the listener, so that sessions go on being resumed
 * across reloads; a new certificate is found by its key manager at the next handshake, and
 * connections that are open do not notice. From JDK 25 on a session ends with the certificate that
 * it began with: its client makes one full handshake more, and the sessions of other certificates
 * go on. Only when those change who sign clients, a new context is made, since a resumed session
 * would not be checked against them.
 *
 * <p>A file that cannot be used never displaces a good certificate: at a reload it is refused, and
 * said so once; at the start it is an error. A certificate that has expired is refused at a reload
 * too, but at the start it is loaded and told of, since one forgotten certificate must not keep all
 * other sites down; where another one has the same name and is valid, that one is shown.
 */
public final class ServerTls implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

  /** Bounds the memory for clients without tickets. */
  private static final int SESSIONS = 4096;

  private final FileNews news;
  private final Clock clock;
  private final CertificateEnds ends;
  private final List<WatchedFiles<Identity>> pairs = new ArrayList<>();
  private final @Nullable WatchedFiles<List<X509Certificate>> clientTrust;
  private final Tls tls;
  private final String[] suites;
  private final FileWatch watch;
  private volatile Identities identities;
  private volatile SSLContext context;

  private ServerTls(Tls tls, Consumer<HealthEvent> events, Clock clock) {
    this.tls = tls;
    this.news = new FileNews(events, clock);
    this.clock = clock;
    this.ends = new CertificateEnds(news);
    for (Tls.Pem pem : tls.certificates()) {
      pairs.add(
          new WatchedFiles<>(
              List.of(pem.certificate(), pem.key()),
              () -> Identity.read(pem),
              identity -> identity.outOfTime(clock.instant())));
    }
    clientTrust = tls.clientTrust().map(Trust::file).orElse(null);
    identities = new Identities(current(), clock.instant());
    context = newContext();
    suites = Suites.server(context);
    ends.look(identities.list(), System.nanoTime());
    watch = new FileWatch(this::look);
  }

  /**
   * Reads the files and starts to watch them, on a thread of its own. Blocks for the disk.
   *
   * @param events hears of reloads and of certificates near their end, on that thread, and on the
   *     caller's of what is so already; must not block for long
   * @throws ProxyException that names the file, the fault and the remedy
   */
  public static ServerTls open(Tls tls, Consumer<HealthEvent> events) {
    ServerTls server = new ServerTls(tls, events, Clock.systemUTC());
    Instant now = server.clock.instant();
    for (Identity identity : server.identities.list()) {
      identity
          .outOfTime(now)
          .filter(fault -> now.isBefore(identity.leaf().getNotBefore().toInstant()))
          .ifPresent(
              fault -> log.warn("{}. It is served for now, and clients will refuse it", fault));
    }
    return server;
  }

  /** The context: the same until those change who sign clients. Never blocks. */
  public SSLContext context() {
    return context;
  }

  /** A server's engine, with everything set: for one connection. Never blocks. */
  public SSLEngine engine() {
    SSLEngine engine = context.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setSSLParameters(parameters());
    return engine;
  }

  /** What is served now. */
  public List<CertificateInfo> certificates() {
    return identities.list().stream()
        .map(
            identity ->
                new CertificateInfo(
                    identity.leaf().getSubjectX500Principal().getName(),
                    identity.names(),
                    identity.leaf().getNotAfter().toInstant(),
                    identity.pem().certificate()))
        .toList();
  }

  /** Ends the watching. Connections that are open go on. Idempotent. */
  @Override
  public void close() {
    watch.close();
  }

  /** For one engine: each hears a name of its own. */
  private SSLParameters parameters() {
    SSLParameters parameters = new SSLParameters(suites, Suites.protocols());
    parameters.setSNIMatchers(List.of(new AskedName()));
    parameters.setUseCipherSuitesOrder(true);
    switch (tls.clientAuth()) {
      case NONE -> parameters.setWantClientAuth(false);
      case WANT -> parameters.setWantClientAuth(true);
      case NEED -> parameters.setNeedClientAuth(true);
    }
    parameters.setApplicationProtocols(
        tls.http2() ? new String[] {"h2", "http/1.1"} : new String[] {"http/1.1"});
    return parameters;
  }

  private SSLContext newContext() {
    // Without client certificates there is nobody to trust; null would load the JVM's trust store.
    TrustManager[] trust =
        clientTrust == null ? new TrustManager[0] : Trust.of(clientTrust.value());
    try {
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(new KeyManager[] {new NamedKeys(() -> identities)}, trust, null);
      made.getServerSessionContext().setSessionCacheSize(SESSIONS);
      return made;
    } catch (GeneralSecurityException e) {
      throw new ProxyException("tls: this JVM cannot do TLS (" + e + "): use another one", e);
    }
  }

  private List<Identity> current() {
    return pairs.stream().map(WatchedFiles::value).toList();
  }

  private void look() {
    boolean changed = false;
    for (WatchedFiles<Identity> pair : pairs) {
      if (pair.poll(fault -> news.refused(pair.name(), fault))) {
        identities = identities.with(current(), clock.instant());
        changed = true;
        X509Certificate leaf = pair.value().leaf();
        news.reloaded(
            pair.name(),
            leaf.getSubjectX500Principal().getName()
                + " for "
                + pair.value().names()
                + ", valid until "
                + leaf.getNotAfter().toInstant());
      }
    }
    if (changed) {
      ends.look(identities.list(), System.nanoTime());
    } else {
      ends.daily(identities.list(), System.nanoTime());
    }
    WatchedFiles<List<X509Certificate>> trust = clientTrust;
    if (trust != null && trust.poll(fault -> news.refused(trust.name(), fault))) {
      context = newContext();
      news.reloaded(trust.name(), "those who sign clients: " + trust.value().size());
    }
  }
}
