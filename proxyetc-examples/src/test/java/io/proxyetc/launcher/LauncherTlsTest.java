package io.proxyetc.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.proxyetc.examples.TestCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The section {@code https} of a configuration, with curl as the client. */
class LauncherTlsTest {
  @TempDir private Path dir;

  @Test
  void httpsIsServedAndACertificateChangesWithoutARestart() throws Exception {
    Programs.require("curl");
    TestCertificate first = TestCertificate.make(Files.createDirectory(dir.resolve("first")));
    TestCertificate second = TestCertificate.make(Files.createDirectory(dir.resolve("second")));
    Path tls = Files.createDirectory(dir.resolve("tls"));
    serve(first, tls);
    try (SampleApplication application = SampleApplication.start("blue");
        Running proxy = launch(application)) {
      String url = proxy.line("listening on ") + "/version";
      proxy.awaitPrinted("is ready after");
      assertEquals("blue\n1.1", curl(first, "--http1.1", url));
      assertEquals("blue\n2", curl(first, "--http2", url));
      assertEquals("0", curl(second, "--http2", url), "a certificate of somebody else");
      serve(second, tls);
      proxy.await(
          "the new certificate is served", () -> curl(second, "--http2", url).equals("blue\n2"));
      assertEquals("blue\n1.1", curl(second, "--http1.1", url));
      proxy.terminate();
      assertEquals(0, proxy.code());
    }
  }

  private static void serve(TestCertificate certificate, Path tls) throws Exception {
    Path key = tls.resolve("key.pem");
    Files.copy(certificate.key(), key, StandardCopyOption.REPLACE_EXISTING);
    Path cert = tls.resolve("cert.pem");
    Files.copy(certificate.certificate(), cert, StandardCopyOption.REPLACE_EXISTING);
  }

  private Running launch(SampleApplication application) throws Exception {
    String config =
        """
        {"https": {"hostname": "127.0.0.1", "port": 0, "keyPath": "tls/key.pem", "certPath": "tls/cert.pem"},
         "store": {"type": "memory"},
         "routes": [{"id": "all", "to": ["%s"]}]}
        """
            .formatted(application.url());
    Files.writeString(dir.resolve("c.json"), config);
    return Running.launcher(dir, "run", "--config", "c.json");
  }

  /** The answer's body and its version of HTTP; "0" where the certificate is not believed. */
  private static String curl(TestCertificate trusted, String version, String url) {
    try (Running curl =
        Running.start(
            new ProcessBuilder(
                "curl",
                "--silent",
                "--max-time",
                "20",
                "--cacert",
                trusted.certificate().toString(),
                "--write-out",
                "%{http_version}",
                version,
                url))) {
      curl.code();
      return curl.out();
    }
  }
}
