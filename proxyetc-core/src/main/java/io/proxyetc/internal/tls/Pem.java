package io.proxyetc.internal.tls;

import io.proxyetc.TlsFileException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads certificates and private keys from PEM files (RFC 7468, and the older RFC 1421 forms). */
final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);

  /** More than any chain or bundle of issuers needs; keeps a wrong path from filling the memory. */
  private static final int LARGEST = 4 * 1024 * 1024;

  private Pem() {}

  private record Block(String label, String body) {}

  /** Every certificate of a file, at least one, in the file's order. */
  static List<X509Certificate> certificates(Path file) {
    List<X509Certificate> found = new ArrayList<>();
    for (Block block : blocks(file)) {
      if (block.label.equals("CERTIFICATE") || block.label.equals("X509 CERTIFICATE")) {
        found.add(certificate(file, found.size() + 1, decode(file, block)));
      }
    }
    if (found.isEmpty()) {
      throw new TlsFileException(
          file,
          "holds no certificate: a PEM file with '-----BEGIN CERTIFICATE-----' is needed",
          null);
    }
    return List.copyOf(found);
  }

  /**
   * The first private key of a file.
   *
   * @param owner the public key that it must belong to: PKCS#1 and SEC1 do not say all of it
   */
  static PrivateKey privateKey(Path file, PublicKey owner) {
    for (Block block : blocks(file)) {
      if (block.label.endsWith("PRIVATE KEY")) {
        return privateKey(file, block, owner);
      }
    }
    throw new TlsFileException(
        file,
        "holds no private key: a PEM file with '-----BEGIN PRIVATE KEY-----' is needed",
        null);
  }

  private static PrivateKey privateKey(Path file, Block block, PublicKey owner) {
    if (block.label.contains("ENCRYPTED") || block.body.contains("ENCRYPTED")) {
      throw new TlsFileException(
          file,
          "the private key is encrypted, and there is nobody to ask for its password:"
              + " store it without one (openssl pkey -in FILE -out PLAIN) and guard the file",
          null);
    }
    byte[] der = decode(file, block);
    byte[] pkcs8 =
        switch (block.label) {
          case "PRIVATE KEY" -> der;
          case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> Der.pkcs8(owner, der);
          default ->
              throw new TlsFileException(
                  file,
                  "'"
                      + block.label
                      + "' is no kind of key that is known:"
                      + " convert it to PKCS#8 (openssl pkey -in FILE -out PLAIN)",
                  null);
        };
    try {
      return KeyFactory.getInstance(owner.getAlgorithm())
          .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new TlsFileException(
          file,
          "the private key cannot be read as the "
              + owner.getAlgorithm()
              + " key that its certificate needs ("
              + e.getMessage()
              + "): it is damaged, or belongs to another certificate",
          e);
    }
  }

  private static X509Certificate certificate(Path file, int number, byte[] der) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new TlsFileException(
          file,
          "certificate "
              + number
              + " is damaged ("
              + e.getMessage()
              + "): write the file anew from its source",
          e);
    }
  }

  private static List<Block> blocks(Path file) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(read(file));
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return blocks;
  }

  private static String read(Path file) {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) { // to open a pipe would wait
        throw new TlsFileException(
            file,
            "is a directory, a pipe or a device, but a file is expected: check the path",
            null);
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] text = in.readNBytes(LARGEST + 1);
        if (text.length > LARGEST) {
          throw new TlsFileException(
              file, "is larger than 4 MiB, which no certificate is: check the path", null);
        }
        return new String(text, StandardCharsets.ISO_8859_1);
      }
    } catch (NoSuchFileException e) {
      throw new TlsFileException(file, "there is no such file: check the path", e);
    } catch (IOException e) {
      throw new TlsFileException(file, "cannot be read (" + e + "): let this process read it", e);
    }
  }

  private static byte[] decode(Path file, Block block) {
    try {
      return Base64.getMimeDecoder().decode(block.body);
    } catch (IllegalArgumentException e) {
      throw new TlsFileException(
          file,
          "the "
              + block.label
              + " is damaged ("
              + e.getMessage()
              + "): write the file anew from its source",
          e);
    }
  }
}
