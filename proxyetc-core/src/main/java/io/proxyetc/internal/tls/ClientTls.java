package io.proxyetc.internal.tls;

import io.proxyetc.ProxyException;
import io.proxyetc.TargetTls;
import java.lang.ref.WeakReference;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS to targets. Each {@link TargetTls} has one context as long as somebody holds it, so that its
 * sessions are resumed, and are never shared with a TargetTls that verifies less. One instance per
 * proxy; safe for any thread.
 */
public final class ClientTls {
  private final ConcurrentHashMap<TargetTls, WeakReference<TargetEngines>> made =
      new ConcurrentHashMap<>();

  /**
   * The engines for a TargetTls: to be kept with the target. Blocks for the disk where there is a
   * trust file: not on an IO thread. The file is read again at each call, and where it has changed
   * new engines are made.
   *
   * @throws ProxyException that names the file, the fault and the remedy
   */
  public TargetEngines engines(TargetTls tls) {
    Optional<List<X509Certificate>> trusted = tls.trust().map(Pem::certificates);
    made.values().removeIf(reference -> reference.get() == null);
    TargetEngines[] result = new TargetEngines[1];
    made.compute(
        tls,
        (key, reference) -> {
          TargetEngines known = reference == null ? null : reference.get();
          if (known == null || !known.trusts(trusted)) {
            known = new TargetEngines(tls, context(tls, trusted), trusted);
          }
          result[0] = known;
          return new WeakReference<>(known);
        });
    return result[0];
  }

  private static SSLContext context(TargetTls tls, Optional<List<X509Certificate>> trusted) {
    TrustManager @Nullable [] trust =
        tls.verify() ? trusted.map(Trust::of).orElse(null) : Trust.anybody();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new ProxyException("tls: this JVM cannot do TLS (" + e + "): use another one", e);
    }
  }
}
