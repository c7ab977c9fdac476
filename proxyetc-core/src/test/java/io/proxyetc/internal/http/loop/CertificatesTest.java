package io.proxyetc.internal.http.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyException;
import io.proxyetc.Tls;
import io.proxyetc.Tls.ClientAuth;
import io.proxyetc.internal.tls.ServerTls;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Peers;
import io.proxyetc.testkit.TestCertificates;
import io.proxyetc.testkit.TestCertificates.Kind;
import io.proxyetc.testkit.TestCertificates.Leaf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates of a listener: which one is shown, and what happens when files change. */
class CertificatesTest {
  @TempDir Path dir;
  private final List<HealthEvent> events = new CopyOnWriteArrayList<>();
  private TestCertificates ca;
  private ServerTls tls;
  private SmallHttpsServer server;

  @BeforeEach
  void authority() {
    ca = TestCertificates.in(dir);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
      tls.close();
    }
  }

  private void serve(Tls wanted) {
    tls = ServerTls.open(wanted, events::add);
    server = new SmallHttpsServer(tls::engine);
  }

  private static Tls tls(Leaf first, Leaf... more) {
    Tls all = Tls.pem(first.certificate(), first.key());
    for (Leaf leaf : more) {
      all = all.and(leaf.certificate(), leaf.key());
    }
    return all;
  }

  private TlsPeer connect(String name) throws IOException {
    return TlsPeer.connect(ca.clientContext(), server.port(), name);
  }

  private BigInteger shown() {
    try (TlsPeer peer = connect("localhost")) {
      return peer.certificate().getSerialNumber();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long count(HealthEvent.Kind kind) {
    return events.stream().filter(event -> event.kind() == kind).count();
  }

  private String detail(HealthEvent.Kind kind) {
    return events.stream().filter(event -> event.kind() == kind).toList().get(0).detail();
  }

  // Which one

  @Test
  void theNameDecidesExactBeforeWildcardBeforeTheFirst() throws IOException {
    Leaf first = ca.leaf(Kind.EC_PKCS8, "first.test", "other.test");
    Leaf wildcard = ca.leaf(Kind.RSA_PKCS8, "*.shop.test");
    Leaf exact = ca.leaf(Kind.EC_PKCS8, "www.shop.test");
    serve(tls(first, wildcard, exact));
    for (String name : List.of("www.shop.test", "WWW.shop.test")) {
      try (TlsPeer peer = connect(name)) {
        assertTrue(
            peer.certificate().getSubjectX500Principal().getName().contains("www.shop.test"));
      }
    }
    try (TlsPeer peer = connect("api.shop.test")) {
      assertTrue(peer.certificate().getSubjectX500Principal().getName().contains("any.shop.test"));
    }
    try (TlsPeer peer =
        TlsPeer.connect(
            ca.clientContext(),
            server.port(),
            "unknown.test",
            p -> p.setEndpointIdentificationAlgorithm(null))) {
      assertTrue(peer.certificate().getSubjectX500Principal().getName().contains("first.test"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "nameless.test"})
  void oneNameMayHaveAKeyOfEachType(String name) throws IOException {
    Leaf rsa = ca.leaf(Kind.RSA_PKCS8, "localhost");
    Leaf ec = ca.leaf(Kind.EC_PKCS8, "localhost");
    serve(tls(rsa, ec));
    for (String type : List.of("RSA", "ECDSA")) {
      try (TlsPeer peer =
          TlsPeer.connect(
              ca.clientContext(),
              server.port(),
              name,
              p -> {
                p.setEndpointIdentificationAlgorithm(null);
                p.setProtocols(new String[] {"TLSv1.2"});
                p.setCipherSuites(new String[] {"TLS_ECDHE_" + type + "_WITH_AES_128_GCM_SHA256"});
              })) {
        assertEquals(
            type.equals("RSA") ? "RSA" : "EC", peer.certificate().getPublicKey().getAlgorithm());
      }
    }
  }

  @Test
  void anExpiredCertificateIsServedAtTheStartOnlyWhereThereIsNoBetter() throws IOException {
    Leaf expired = ca.expired(Kind.EC_PKCS8, "localhost");
    Leaf valid = ca.leaf(Kind.EC_PKCS8, "localhost");
    serve(tls(expired, valid));
    connect("localhost").close();
    stop();
    serve(tls(expired));
    assertThrows(IOException.class, () -> connect("localhost").close());
  }

  // What cannot be started with

  private String refusal(Path certificate, Path key) {
    ProxyException refused =
        assertThrows(
            ProxyException.class, () -> ServerTls.open(Tls.pem(certificate, key), events::add));
    return String.valueOf(refused.getMessage());
  }

  @Test
  void filesThatCannotBeUsedAreNamedWithTheirFault() throws IOException {
    Leaf good = ca.leaf(Kind.RSA_PKCS8, "localhost");
    Leaf other = ca.leaf(Kind.RSA_PKCS1, "localhost");
    Leaf ec = ca.leaf(Kind.EC_SEC1, "localhost");
    Path missing = dir.resolve("missing.pem");
    assertRefused(refusal(missing, good.key()), missing, "no such file");
    assertRefused(refusal(good.certificate(), missing), missing, "no such file");
    assertRefused(refusal(good.key(), good.key()), good.key(), "no certificate");
    assertRefused(
        refusal(good.certificate(), good.certificate()), good.certificate(), "no private key");
    assertRefused(refusal(good.certificate(), other.key()), other.key(), "does not belong");
    assertRefused(refusal(good.certificate(), ec.key()), ec.key(), "another certificate");
    assertRefused(refusal(ec.certificate(), good.key()), good.key(), "another certificate");
    Path torn = dir.resolve("torn.pem");
    String text = Files.readString(good.certificate());
    Files.writeString(torn, text.substring(0, 200) + text.substring(260));
    assertRefused(refusal(torn, good.key()), torn, "damaged");
    Files.writeString(torn, text.substring(0, 200));
    assertRefused(refusal(torn, good.key()), torn, "no certificate");
  }

  private static void assertRefused(String message, Path file, String fault) {
    assertTrue(message.startsWith(file + ": ") && message.contains(fault), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pkey", "rsa -traditional"})
  void anEncryptedKeyIsRefusedWithTheRemedy(String command) throws Exception {
    Leaf good = ca.leaf(Kind.RSA_PKCS8, "localhost");
    Path encrypted = dir.resolve("encrypted.key");
    String all =
        Peers.require("openssl")
            + (" " + command + " -aes128 -passout pass:x -in " + good.key() + " -out " + encrypted);
    assertEquals(0, new ProcessBuilder(all.split(" ")).start().waitFor());
    assertRefused(refusal(good.certificate(), encrypted), encrypted, "is encrypted");
  }

  // What changes while it runs

  @Test
  void aPipeInTheCertificatesPlaceDoesNotStopTheWatch() throws Exception {
    Leaf served = ca.leaf(Kind.EC_PKCS8, "localhost");
    serve(tls(served));
    BigInteger before = shown();
    Files.delete(served.certificate());
    String pipe = Peers.require("mkfifo") + " " + served.certificate();
    assertEquals(0, new ProcessBuilder(pipe.split(" ")).start().waitFor());
    Await.until("the fault is told", () -> count(HealthEvent.Kind.CERTIFICATE_REFUSED) == 1);
    assertTrue(detail(HealthEvent.Kind.CERTIFICATE_REFUSED).contains("a pipe or a device"));
    assertEquals(before, shown());

    ca.leaf(Kind.EC_PKCS8, "localhost").replace(served);
    Await.until("the new certificate", () -> !shown().equals(before));
  }

  @Test
  void aNewCertificateServesNewHandshakesAndOpenConnectionsGoOn() throws IOException {
    Leaf served = ca.leaf(Kind.EC_PKCS8, "localhost");
    Leaf next = ca.leaf(Kind.RSA_PKCS1, "localhost");
    serve(tls(served));
    BigInteger before = shown();
    try (TlsPeer open = connect("localhost")) {
      assertEquals(10, open.get(10));
      next.replace(served);
      Await.until("the new certificate", () -> !shown().equals(before));
      assertEquals(1_000_000, open.get(1_000_000));
    }
    Await.until("the event", () -> count(HealthEvent.Kind.CERTIFICATE_RELOADED) == 1);
    assertEquals(0, count(HealthEvent.Kind.CERTIFICATE_REFUSED), events.toString());
    assertEquals(List.of("localhost"), tls.certificates().get(0).names());
  }

  @Test
  void aCertificateWithoutItsKeyIsRefusedOnceAndServedWhenTheKeyComes() throws IOException {
    Leaf served = ca.leaf(Kind.EC_PKCS8, "localhost");
    Leaf next = ca.leaf(Kind.EC_SEC1, "localhost");
    serve(tls(served));
    BigInteger before = shown();
    Files.copy(next.certificate(), served.certificate(), StandardCopyOption.REPLACE_EXISTING);
    Await.until("the refusal", () -> count(HealthEvent.Kind.CERTIFICATE_REFUSED) == 1);
    assertTrue(detail(HealthEvent.Kind.CERTIFICATE_REFUSED).contains("does not belong"));
    assertEquals(before, shown());
    Files.copy(next.key(), served.key(), StandardCopyOption.REPLACE_EXISTING);
    Await.until("the new certificate", () -> !shown().equals(before));
    assertEquals(1, count(HealthEvent.Kind.CERTIFICATE_REFUSED));
  }

  @Test
  void garbageAndExpiryNeverDisplaceTheGoodOne() throws IOException {
    Leaf served = ca.leaf(Kind.EC_PKCS8, "localhost");
    Leaf expired = ca.expired(Kind.EC_PKCS8, "localhost");
    serve(tls(served));
    BigInteger before = shown();
    Files.writeString(served.key(), "garbage");
    Await.until("the refusal", () -> count(HealthEvent.Kind.CERTIFICATE_REFUSED) == 1);
    Files.delete(served.key());
    Await.until("another refusal", () -> count(HealthEvent.Kind.CERTIFICATE_REFUSED) == 2);
    expired.replace(served);
    Await.until("a third refusal", () -> count(HealthEvent.Kind.CERTIFICATE_REFUSED) == 3);
    assertTrue(events.get(2).detail().contains("expired at 2020-01-01"), events.get(2).detail());
    assertEquals(before, shown());
  }

  @Test
  void aSymbolicLinkThatTurnsIsNoticed() throws IOException {
    Leaf one = ca.leaf(Kind.EC_PKCS8, "localhost");
    Leaf two = ca.leaf(Kind.EC_PKCS8, "localhost");
    Path certificate = Files.createSymbolicLink(dir.resolve("cert"), one.certificate());
    Path key = Files.createSymbolicLink(dir.resolve("key"), one.key());
    serve(Tls.pem(certificate, key));
    BigInteger before = shown();
    Files.delete(certificate);
    Files.delete(key);
    Files.createSymbolicLink(certificate, two.certificate());
    Files.createSymbolicLink(key, two.key());
    Await.until("the new certificate", () -> !shown().equals(before));
  }

  // Sessions

  @ParameterizedTest
  @CsvSource({
    "-tls1_2,first.test",
    "-tls1_2,second.test",
    "-tls1_3,first.test",
    "-tls1_3,second.test"
  })
  void sessionsAreResumed(String version, String name) throws Exception {
    serve(tls(ca.leaf(Kind.EC_PKCS8, "first.test"), ca.leaf(Kind.EC_PKCS8, "second.test")));
    Path session = dir.resolve("session.pem");
    assertTrue(sClient(name, version, "-sess_out", session.toString()).contains("New, TLS"));
    assertTrue(sClient(name, version, "-sess_in", session.toString()).contains("Reused, TLS"));
  }

  /** What becomes of the replaced certificate's own sessions is the JDK's choice. */
  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void sessionsOutliveAReload(String version) throws Exception {
    Leaf served = ca.leaf(Kind.EC_PKCS8, "first.test");
    Leaf replaced = ca.leaf(Kind.EC_PKCS8, "second.test");
    serve(tls(served, replaced));
    Path first = dir.resolve("first.session");
    Path second = dir.resolve("second.session");
    sClient("first.test", version, "-sess_out", first.toString());
    sClient("second.test", version, "-sess_out", second.toString());
    ca.leaf(Kind.EC_PKCS8, "second.test").replace(replaced);
    Await.until("the reload", () -> count(HealthEvent.Kind.CERTIFICATE_RELOADED) == 1);
    assertTrue(
        sClient("first.test", version, "-sess_in", first.toString()).contains("Reused, TLS"));
    String again = sClient("second.test", version, "-sess_in", second.toString());
    assertTrue(again.contains("Content-Length: 7"), again);
    if (Runtime.version().feature() < 25) {
      assertTrue(again.contains("Reused, TLS"), again);
    }
    assertTrue(
        sClient("second.test", version, "-sess_out", second.toString()).contains("New, TLS"));
    assertTrue(
        sClient("second.test", version, "-sess_in", second.toString()).contains("Reused, TLS"));
  }

  private String sClient(String name, String... arguments) throws Exception {
    String[] command = {
      Peers.require("openssl").toString(),
      "s_client",
      "-connect",
      "127.0.0.1:" + server.port(),
      "-servername",
      name,
      "-CAfile",
      ca.authority().toString(),
      "-ign_eof"
    };
    String[] all = Arrays.copyOf(command, command.length + arguments.length);
    System.arraycopy(arguments, 0, all, command.length, arguments.length);
    Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
    StringBuilder out = new StringBuilder();
    process.getOutputStream().write("GET /7 HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
    byte[] part = new byte[8192];
    try {
      for (int n = process.getInputStream().read(part); n > 0; ) {
        out.append(new String(part, 0, n, StandardCharsets.ISO_8859_1));
        if (out.indexOf("Content-Length: 7") >= 0) {
          break;
        }
        n = process.getInputStream().read(part);
      }
    } finally {
      process.destroy();
    }
    return out.toString();
  }

  // Certificates of clients

  private TlsPeer connect(SSLContext context) throws IOException {
    TlsPeer peer = TlsPeer.connect(context, server.port(), "localhost");
    try {
      peer.get(1); // in TLS 1.3 a client learns only now that it was refused
      return peer;
    } catch (IOException e) {
      peer.close();
      throw e;
    }
  }

  @Test
  void clientsShowACertificateWhereItIsNeeded() throws IOException {
    TestCertificates others = TestCertificates.in(Files.createDirectory(dir.resolve("others")));
    Leaf leaf = ca.leaf(Kind.EC_PKCS8, "localhost");
    Leaf client = others.leaf(Kind.RSA_PKCS8, "client");
    Leaf stranger = ca.leaf(Kind.EC_PKCS8, "stranger");
    serve(tls(leaf).clients(ClientAuth.NEED, others.authority()));
    assertThrows(IOException.class, () -> connect(ca.clientContext()).close());
    assertThrows(IOException.class, () -> connect(ca.clientContext(stranger)).close());
    connect(ca.clientContext(client)).close();
    stop();
    serve(tls(leaf).clients(ClientAuth.WANT, others.authority()));
    connect(ca.clientContext()).close();
    connect(ca.clientContext(client)).close();
    assertEquals(0, count(HealthEvent.Kind.CERTIFICATE_RELOADED));
  }

  @Test
  void whoSignsClientsMayChange() throws IOException {
    TestCertificates others = TestCertificates.in(Files.createDirectory(dir.resolve("others")));
    Leaf leaf = ca.leaf(Kind.EC_PKCS8, "localhost");
    SSLContext old = ca.clientContext(others.leaf(Kind.EC_PKCS8, "client"));
    SSLContext fresh = ca.clientContext(ca.leaf(Kind.EC_PKCS8, "client"));
    Path trust = Files.copy(others.authority(), dir.resolve("trust.pem"));
    serve(tls(leaf).clients(ClientAuth.NEED, trust));
    connect(old).close();
    assertThrows(IOException.class, () -> connect(fresh).close());
    Files.copy(ca.authority(), trust, StandardCopyOption.REPLACE_EXISTING);
    Await.until("the new trust", () -> count(HealthEvent.Kind.CERTIFICATE_RELOADED) == 1);
    connect(fresh).close();
    assertThrows(IOException.class, () -> connect(old).close(), "not even with its old session");
  }
}
