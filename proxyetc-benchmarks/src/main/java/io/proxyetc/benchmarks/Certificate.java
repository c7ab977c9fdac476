package io.proxyetc.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

/**
 * A throw-away certificate for {@code localhost} (EC P-256), in each form that a proxy asks for.
 *
 * @param cert PEM
 * @param key PEM, PKCS#8
 * @param both PEM, certificate and key in one file
 * @param store PKCS#12, guarded by {@link #PASSWORD}
 */
record Certificate(Path cert, Path key, Path both, Path store) {

  static final String PASSWORD = "benchmark";

  private static final String ALIAS = "localhost";

  static Certificate create(Path directory, Processes processes) {
    Path store = directory.resolve("tls.p12");
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    processes.run(
        "keytool",
        List.of(
            keytool.toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-validity",
            "30",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost,ip:" + Ports.LOOPBACK,
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD),
        Duration.ofSeconds(60));
    try {
      return toPem(directory, store);
    } catch (GeneralSecurityException | IOException e) {
      throw new BenchmarkException(store + ": " + e.getMessage(), e);
    }
  }

  static KeyStore load(Path store) throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static Certificate toPem(Path directory, Path store)
      throws GeneralSecurityException, IOException {
    KeyStore keys = load(store);
    String cert = pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded());
    String key = pem("PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded());
    return new Certificate(
        Files.writeString(directory.resolve("cert.pem"), cert),
        Files.writeString(directory.resolve("key.pem"), key),
        Files.writeString(directory.resolve("both.pem"), cert + key),
        store);
  }

  private static String pem(String kind, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
  }
}
