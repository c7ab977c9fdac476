package io.proxyetc.internal.tls;

import io.proxyetc.Tls;
import io.proxyetc.TlsFileException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * A certificate chain with its key: what a server shows.
 *
 * @param pem the files that it came from
 * @param chain the server's certificate first
 * @param names DNS names and addresses, lower case; {@code *.} for wildcards
 */
record Identity(Tls.Pem pem, List<X509Certificate> chain, PrivateKey key, List<String> names) {
  private static final int DNS_NAME = 2;
  private static final int IP_ADDRESS = 7;

  /**
   * Reads both files, and checks that they fit each other.
   *
   * @throws TlsFileException that names the file, the fault and the remedy
   */
  static Identity read(Tls.Pem pem) {
    List<X509Certificate> chain = Pem.certificates(pem.certificate());
    X509Certificate leaf = chain.get(0);
    PrivateKey key = Pem.privateKey(pem.key(), leaf.getPublicKey());
    if (!fits(leaf.getPublicKey(), key)) {
      throw new TlsFileException(
          pem.key(),
          "the private key does not belong to the first certificate of "
              + pem.certificate()
              + ": give the key that the certificate was made for, and put the server's"
              + " certificate before those of its issuers",
          null);
    }
    return new Identity(pem, chain, key, names(leaf));
  }

  X509Certificate leaf() {
    return chain.get(0);
  }

  /** Why clients would refuse it now; empty: they would not. */
  Optional<String> outOfTime(Instant now) {
    Instant from = leaf().getNotBefore().toInstant();
    Instant until = leaf().getNotAfter().toInstant();
    if (now.isAfter(until)) {
      return Optional.of(
          pem.certificate() + ": the certificate expired at " + until + ": renew it");
    }
    if (now.isBefore(from)) {
      return Optional.of(
          pem.certificate()
              + ": the certificate is not valid before "
              + from
              + ": check this machine's clock, or wait");
    }
    return Optional.empty();
  }

  private static boolean fits(PublicKey publicKey, PrivateKey key) {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm(); // EdDSA names its signature like its keys
        };
    byte[] sample = {1, 2, 3, 4};
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(sample);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(sample);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** The alternative names; the common name only where there are none, as clients once did. */
  private static List<String> names(X509Certificate leaf) {
    List<String> names = new ArrayList<>();
    try {
      Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> alternative : alternatives) {
          int type = (Integer) alternative.get(0);
          if (type == DNS_NAME || type == IP_ADDRESS) {
            names.add(String.valueOf(alternative.get(1)).toLowerCase(Locale.ROOT));
          }
        }
      }
    } catch (CertificateParsingException e) {
      // A name that cannot be read is one that no client asks for.
    }
    if (names.isEmpty()) {
      commonName(leaf).ifPresent(names::add);
    }
    return List.copyOf(names);
  }

  private static Optional<String> commonName(X509Certificate leaf) {
    try {
      for (Rdn rdn : new LdapName(leaf.getSubjectX500Principal().getName()).getRdns()) {
        if (rdn.getType().equalsIgnoreCase("CN")) {
          return Optional.of(String.valueOf(rdn.getValue()).toLowerCase(Locale.ROOT));
        }
      }
    } catch (InvalidNameException e) {
      // the same
    }
    return Optional.empty();
  }
}
