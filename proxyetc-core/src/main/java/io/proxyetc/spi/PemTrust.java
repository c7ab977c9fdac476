package io.proxyetc.spi;

import io.proxyetc.ProxyException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Trust in the certificates of a PEM file and in no others: for notifiers and extensions that speak
 * to a server with a certificate of a private authority.
 */
public final class PemTrust {
  private PemTrust() {}

  /**
   * A context for clients. Reads the file once, and blocks for that.
   *
   * @throws ProxyException that names the file, the fault and the remedy
   */
  public static SSLContext context(Path pem) {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (Certificate certificate : read(pem)) {
        trusted.setCertificateEntry("trusted-" + ++number, certificate);
      }
      if (number == 0) {
        throw unusable(pem, "holds no certificate", null);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (IOException e) {
      throw unusable(pem, "cannot be read (" + e + ")", e);
    } catch (GeneralSecurityException e) {
      throw unusable(pem, "cannot be used (" + e.getMessage() + ")", e);
    }
  }

  private static Collection<? extends Certificate> read(Path pem)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(pem)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    }
  }

  private static ProxyException unusable(Path pem, String fault, @Nullable Exception cause) {
    return new ProxyException(
        pem + ": " + fault + ": give a PEM file of the certificates that are trusted", cause);
  }
}
