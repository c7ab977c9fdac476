package io.proxyetc.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate authority of the test's own, made by the {@code openssl} command in a directory of
 * the test. Without openssl the test is skipped or fails, as {@link Peers} decides.
 *
 * <pre>{@code
 * TestCertificates ca = TestCertificates.in(dir);
 * TestCertificates.Leaf leaf = ca.leaf(Kind.EC_SEC1, "localhost", "127.0.0.1");
 * Tls.pem(leaf.certificate(), leaf.key());
 * curl --cacert ca.authority()
 * }</pre>
 */
public final class TestCertificates {
  /** Algorithm and file format of a key. */
  public enum Kind {
    /** {@code BEGIN PRIVATE KEY}. */
    RSA_PKCS8,
    /** {@code BEGIN RSA PRIVATE KEY}. */
    RSA_PKCS1,
    /** {@code BEGIN PRIVATE KEY}, P-256. */
    EC_PKCS8,
    /** {@code BEGIN EC PRIVATE KEY} behind {@code BEGIN EC PARAMETERS}, P-256. */
    EC_SEC1,
    /** {@code BEGIN EC PRIVATE KEY}, P-384. */
    EC_P384_SEC1
  }

  /** A certificate with its key. */
  public record Leaf(Path certificate, Path key) {
    /** Overwrites the files of another one with these. */
    public void replace(Leaf other) {
      try {
        Files.copy(certificate, other.certificate, StandardCopyOption.REPLACE_EXISTING);
        Files.copy(key, other.key, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final Path openssl;
  private final Path dir;
  private int made;

  private TestCertificates(Path openssl, Path dir) {
    this.openssl = openssl;
    this.dir = dir;
  }

  /** An authority whose files live in a directory that exists. */
  public static TestCertificates in(Path dir) {
    TestCertificates made = new TestCertificates(Peers.require("openssl"), dir);
    made.ecKey(dir.resolve("ca.key"), "P-256");
    made.run(
        "req -x509 -new -key ca.key -subj /CN=proxyetc-test-ca -days 90 -out ca.pem"
            + " -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign");
    return made;
  }

  /** PEM file of the authority's certificate: what clients trust. */
  public Path authority() {
    return dir.resolve("ca.pem");
  }

  /** A certificate for names and addresses that is valid for 90 days. */
  public Leaf leaf(Kind kind, String... names) {
    return leaf(kind, "-days 90", names);
  }

  /** The same, but it ends in some days. */
  public Leaf ending(int days, String... names) {
    return leaf(Kind.EC_PKCS8, "-days " + days, names);
  }

  /** The same, but it expired in 2020. */
  public Leaf expired(Kind kind, String... names) {
    return leaf(kind, "-startdate 20190101000000Z -enddate 20200101000000Z", names);
  }

  /** What a client of the JDK needs to trust this authority. */
  public SSLContext clientContext() {
    return clientContext(Optional.empty());
  }

  /** The same, with a certificate to show. */
  public SSLContext clientContext(Leaf shown) {
    return clientContext(Optional.of(shown));
  }

  private SSLContext clientContext(Optional<Leaf> shown) {
    return context(shown.isPresent() ? keyManagers(shown.get()) : new KeyManager[0]);
  }

  /** The same, with a certificate to show that may change while sessions stay. */
  public SSLContext context(ShownLeaf shown) {
    return context(new KeyManager[] {shown});
  }

  private SSLContext context(KeyManager[] keys) {
    try {
      KeyStore trust = KeyStore.getInstance("PKCS12");
      trust.load(null, null);
      try (InputStream in = Files.newInputStream(authority())) {
        trust.setCertificateEntry(
            "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
      }
      TrustManagerFactory trusted = TrustManagerFactory.getInstance("PKIX");
      trusted.init(trust);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trusted.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  KeyManager[] keyManagers(Leaf leaf) {
    try {
      return load(leaf);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyManager[] load(Leaf leaf) throws GeneralSecurityException, IOException {
    Path store = dir.resolve("store" + ++made + ".p12");
    run(
        ("pkcs12 -export -passout pass:secret -in " + leaf.certificate())
            + (" -inkey " + leaf.key() + " -out " + store));
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "secret".toCharArray());
    }
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(keys, "secret".toCharArray());
    return factory.getKeyManagers();
  }

  private Leaf leaf(Kind kind, String validity, String... names) {
    String base = "leaf" + ++made;
    Path key = dir.resolve(base + ".key");
    switch (kind) {
      case RSA_PKCS8 -> run("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out " + key);
      case RSA_PKCS1 -> run("genrsa -traditional -out " + key + " 2048");
      case EC_PKCS8 -> ecKey(key, "P-256");
      case EC_SEC1 -> run("ecparam -name prime256v1 -genkey -out " + key);
      case EC_P384_SEC1 -> run("ecparam -name secp384r1 -genkey -noout -out " + key);
    }
    run(
        "req -new -key "
            + key
            + " -subj /CN="
            + names[0].replace("*", "any")
            + " -out "
            + base
            + ".csr");
    sign(base, validity, names);
    return new Leaf(dir.resolve(base + ".pem"), key);
  }

  /** With {@code openssl ca}, since only it takes dates in the past. */
  private void sign(String base, String validity, String... names) {
    String alternatives =
        Arrays.stream(names)
            .map(name -> (name.matches("[0-9.]+|.*:.*") ? "IP:" : "DNS:") + name)
            .collect(Collectors.joining(","));
    try {
      Files.writeString(dir.resolve("index.txt"), "");
      Files.writeString(dir.resolve("index.txt.attr"), "unique_subject = no\n");
      Files.writeString(
          dir.resolve("ca.cnf"),
          String.join(
              "\n",
              "[ca]",
              "default_ca=this",
              "[this]",
              "database=index.txt",
              "new_certs_dir=.",
              "rand_serial=yes",
              "default_md=sha256",
              "policy=any",
              "x509_extensions=leaf",
              "[any]",
              "commonName=supplied",
              "[leaf]",
              "subjectAltName=" + alternatives,
              "extendedKeyUsage=serverAuth,clientAuth",
              ""));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run(
        "ca -batch -notext -config ca.cnf -cert ca.pem -keyfile ca.key -in "
            + (base + ".csr -out " + base + ".pem ")
            + validity);
  }

  private void ecKey(Path file, String curve) {
    run("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:" + curve + " -out " + file);
  }

  private void run(String arguments) {
    List<String> command = new ArrayList<>(List.of(openssl.toString()));
    Stream.of(arguments.trim().split(" +")).forEach(command::add);
    Path output = dir.resolve("openssl.out");
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(dir.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      process.getOutputStream().close();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + Files.readString(output));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
