package io.proxyetc;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The TLS side of a listener: certificates from PEM files, chosen by the name that the client asks
 * for (SNI). The files are watched: a new certificate serves new handshakes within a second or two,
 * and one that cannot be used never displaces the good one.
 *
 * @param certificates the first one serves clients that ask for no name or an unknown one
 * @param clientAuth whether clients show a certificate
 * @param clientTrust PEM file of the certificates that sign clients; needed unless {@code
 *     clientAuth} is {@link ClientAuth#NONE}
 * @param http2 whether HTTP/2 is offered (ALPN)
 */
public record Tls(
    List<Pem> certificates, ClientAuth clientAuth, Optional<Path> clientTrust, boolean http2) {

  /**
   * A certificate chain and its key.
   *
   * @param certificate PEM file: the server's certificate first, then its issuers
   * @param key PEM file of the private key: PKCS#1, SEC1 or PKCS#8, RSA or EC, not encrypted
   */
  public record Pem(Path certificate, Path key) {
    public Pem {
      Given.notNull("tls: the certificate", certificate, "give the path of a PEM file");
      Given.notNull("tls: the key", key, "give the path of a PEM file");
    }
  }

  /** Whether clients show a certificate. */
  public enum ClientAuth {
    /** Not asked for. */
    NONE,
    /** Asked for; one that is shown must be valid. */
    WANT,
    /** Without a valid one the handshake fails. */
    NEED
  }

  public Tls {
    certificates = Given.each("tls: certificates", certificates, "give Tls.Pem(certificate, key)");
    Given.notNull("tls: clientAuth", clientAuth, "give ClientAuth.NONE, WANT or NEED");
    Given.notNull("tls: clientTrust", clientTrust, "Optional.empty() is none");
    if (certificates.isEmpty()) {
      throw new ProxyException(
          "tls: a listener needs a certificate: give a certificate and a key file");
    }
    if ((clientAuth == ClientAuth.NONE) == clientTrust.isPresent()) {
      throw new ProxyException(
          "tls: client certificates need both, whether they are wanted or needed, and the PEM file of those who sign them");
    }
  }

  /** One certificate, with HTTP/2, without client certificates. */
  public static Tls pem(Path certificate, Path key) {
    return new Tls(List.of(new Pem(certificate, key)), ClientAuth.NONE, Optional.empty(), true);
  }

  /** A further certificate. */
  public Tls and(Path certificate, Path key) {
    List<Pem> all = new ArrayList<>(certificates);
    all.add(new Pem(certificate, key));
    return new Tls(all, clientAuth, clientTrust, http2);
  }

  /** Asks clients for a certificate signed by one of those in a PEM file. */
  public Tls clients(ClientAuth auth, Path trust) {
    Given.notNull("tls: the trust of clients", trust, "give the path of a PEM file");
    return new Tls(certificates, auth, Optional.of(trust), http2);
  }

  /** The same without HTTP/2. */
  public Tls withoutHttp2() {
    return new Tls(certificates, clientAuth, clientTrust, false);
  }
}
