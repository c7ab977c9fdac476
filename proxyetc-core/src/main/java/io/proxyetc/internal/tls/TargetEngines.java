package io.proxyetc.internal.tls;

import io.proxyetc.ProxyException;
import io.proxyetc.TargetTls;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes the client engines for one {@link TargetTls}. Safe for any thread; never blocks.
 *
 * <p>Another trust makes another context: a session of before would not be checked against it.
 */
public final class TargetEngines {
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  private final TargetTls tls;
  private final @Nullable WatchedFiles<List<X509Certificate>> trusted;
  private final String[] suites;
  private volatile TrustManager @Nullable [] trust; // null: the JVM's own
  private volatile SSLContext context;

  /**
   * What {@code trusted} holds counts from now until {@link #renew}.
   *
   * @param trusted null: the JVM's trust store
   */
  TargetEngines(TargetTls tls, @Nullable WatchedFiles<List<X509Certificate>> trusted) {
    this.tls = tls;
    this.trusted = trusted;
    this.trust = newTrust();
    this.context = newContext();
    this.suites = Suites.client(context);
  }

  /**
   * An engine for one connection; it may resume a session. It sends the server name, and verifies
   * it unless that is switched off; an address is verified, but not sent (RFC 6066 §3).
   *
   * @param host the target's, name or address; {@link TargetTls#serverName} goes before it
   */
  public SSLEngine engine(String host, int port) {
    return engine(context, host, port);
  }

  /**
   * The same for a probe: it resumes no session, since whoever does is not shown the certificate,
   * and would not see it expire. A context of its own has none; it costs a few microseconds.
   */
  public SSLEngine probe(String host, int port) {
    return engine(newContext(), host, port);
  }

  private SSLEngine engine(SSLContext from, String host, int port) {
    String name = plainName(tls.serverName().orElse(host));
    SSLEngine engine = from.createSSLEngine(name, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = new SSLParameters(suites, Suites.protocols());
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    if (!ADDRESS.matcher(name).matches()) {
      parameters.setServerNames(serverNames(name));
    }
    if (tls.verify()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  boolean trusts(WatchedFiles<List<X509Certificate>> file) {
    return trusted == file;
  }

  /** What the file holds now counts for the engines to come. */
  void renew() {
    trust = newTrust();
    context = newContext();
  }

  private TrustManager @Nullable [] newTrust() {
    if (!tls.verify()) {
      return Trust.anybody();
    }
    return trusted == null ? null : Trust.of(trusted.value());
  }

  private SSLContext newContext() {
    try {
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(null, trust, null);
      return made;
    } catch (GeneralSecurityException e) {
      throw new ProxyException("tls: this JVM cannot do TLS (" + e + "): use another one", e);
    }
  }

  private static List<SNIServerName> serverNames(String name) {
    try {
      return List.of(new SNIHostName(name));
    } catch (IllegalArgumentException e) {
      return List.of(); // a name with an underscore, say: it may be connected to, but not sent
    }
  }

  /** Without the brackets of an IPv6 address, and without a final dot. */
  private static String plainName(String name) {
    if (name.startsWith("[") && name.endsWith("]")) {
      return name.substring(1, name.length() - 1);
    }
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
