package io.proxyetc.internal.http.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Tls;
import io.proxyetc.internal.tls.ServerTls;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Curl;
import io.proxyetc.testkit.TestCertificates;
import io.proxyetc.testkit.TestCertificates.Kind;
import io.proxyetc.testkit.TestCertificates.Leaf;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsServerSideTest {
  @TempDir Path dir;
  private TestCertificates ca;
  private ServerTls tls;
  private SmallHttpsServer server;

  @BeforeEach
  void start() {
    ca = TestCertificates.in(dir);
    serve(ca.leaf(Kind.EC_PKCS8, "localhost", "127.0.0.1"), 16 * 1024);
  }

  private void serve(Leaf leaf, int bufferSize) {
    tls = ServerTls.open(Tls.pem(leaf.certificate(), leaf.key()), event -> {});
    server = new SmallHttpsServer(tls::engine, bufferSize);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
      tls.close();
    }
  }

  private TlsPeer connect(String version) throws IOException {
    return TlsPeer.connect(
        ca.clientContext(),
        server.port(),
        "localhost",
        parameters -> parameters.setProtocols(new String[] {version}));
  }

  static Stream<Arguments> keysAndVersions() {
    return Stream.of(Kind.values())
        .flatMap(kind -> Stream.of(Arguments.of(kind, "TLSv1.2"), Arguments.of(kind, "TLSv1.3")));
  }

  @ParameterizedTest
  @MethodSource("keysAndVersions")
  void everyKindOfKeyServesEveryVersionWithTheCheapestCipher(Kind kind, String version)
      throws IOException {
    stop();
    serve(ca.leaf(kind, "localhost"), 16 * 1024);
    try (TlsPeer peer = connect(version)) {
      assertEquals(1000, peer.get(1000));
      assertEquals(version, peer.socket.getSession().getProtocol());
      assertTrue(peer.socket.getSession().getCipherSuite().contains("AES_128_GCM"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void largeBodiesPassBothWays(String version) throws IOException {
    try (TlsPeer peer = connect(version)) {
      assertEquals(20_000_000, peer.get(20_000_000));
      peer.send("POST / HTTP/1.1\r\nContent-Length: 20000000\r\n\r\n");
      peer.socket.getOutputStream().write(new byte[20_000_000]);
      assertEquals("20000000".length(), peer.body());
      assertEquals(1, peer.get(1));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100, 16 * 1024, 128 * 1024})
  void anySizeOfBufferReadsEverything(int size) throws IOException {
    stop();
    serve(ca.leaf(Kind.EC_PKCS8, "localhost"), size);
    try (TlsPeer peer = connect("TLSv1.3")) {
      peer.send("POST / HTTP/1.1\r\nContent-Length: 100000\r\n\r\n");
      peer.socket.getOutputStream().write(new byte[100_000]);
      assertEquals("100000".length(), peer.body());
    }
  }

  @Test
  void manyRequestsInOneRecordAreAllAnswered() throws IOException {
    try (TlsPeer peer = connect("TLSv1.3")) {
      peer.send("GET /1 HTTP/1.1\r\n\r\n".repeat(200));
      for (int i = 0; i < 200; i++) {
        assertEquals(1, peer.body());
      }
    }
  }

  @Test
  void aSlowReaderGetsAllOfItInTheEnd() throws IOException {
    Socket narrow = new Socket();
    narrow.setReceiveBufferSize(64 * 1024); // or the kernel may well keep all of it
    narrow.connect(new InetSocketAddress("127.0.0.1", server.port()));
    try (TlsPeer peer = TlsPeer.over(narrow, ca.clientContext(), "localhost", p -> {})) {
      peer.send("GET /30000000 HTTP/1.1\r\n\r\n");
      try (TlsPeer other = connect("TLSv1.3")) {
        for (int i = 0; i < 100; i++) {
          assertEquals(100, other.get(100)); // meanwhile, perhaps on the same IO thread
        }
      }
      Await.until("what it does not read to be counted", () -> server.budget.used() > 0);
      assertTrue(server.budget.used() < 100_000, "and is little");
      assertEquals(30_000_000, peer.body());
    }
    Await.until("nothing kept", () -> server.budget.used() == 0);
  }

  @Test
  void oneRequestIsOneReadOnAConnectionThatStays() throws IOException {
    try (TlsPeer peer = connect("TLSv1.3")) {
      peer.get(100);
      int before = server.readCalls.get();
      for (int i = 0; i < 100; i++) {
        peer.get(100);
      }
      assertEquals(before + 100, server.readCalls.get());
    }
  }

  @Test
  void aKeyUpdateOfTls13IsAnswered() throws IOException {
    try (TlsPeer peer = connect("TLSv1.3")) {
      for (int i = 0; i < 5; i++) {
        assertEquals(100, peer.get(100));
        peer.socket.startHandshake(); // in TLS 1.3: new keys for both directions
        assertEquals(200_000, peer.get(200_000));
      }
    }
  }

  @Test
  void aSecondHandshakeOfTls12IsRefused() throws IOException {
    try (TlsPeer peer = connect("TLSv1.2")) {
      assertEquals(100, peer.get(100));
      assertThrows(
          IOException.class,
          () -> {
            peer.socket.startHandshake();
            peer.get(100);
          });
    }
  }

  @Test
  void protocolsAreNegotiated() throws IOException {
    String[][] offers = {{"h2", "http/1.1"}, {"http/1.1", "h2"}, {"http/1.1"}, {}};
    for (String[] offer : offers) {
      TlsPeer.connect(
              ca.clientContext(), server.port(), "localhost", p -> p.setApplicationProtocols(offer))
          .close();
    }
    Await.until("four handshakes", () -> server.protocols.size() == 4);
    assertEquals(
        "[h2, h2, http/1.1, http/1.1]", server.protocols.toString(), "ours first, then theirs");
  }

  @Test
  void withoutHttp2ItIsNotOffered() throws IOException {
    stop();
    Leaf leaf = ca.leaf(Kind.EC_PKCS8, "localhost");
    tls = ServerTls.open(Tls.pem(leaf.certificate(), leaf.key()).withoutHttp2(), event -> {});
    server = new SmallHttpsServer(tls::engine);
    try (TlsPeer peer =
        TlsPeer.connect(
            ca.clientContext(),
            server.port(),
            "localhost",
            p -> p.setApplicationProtocols(new String[] {"h2", "http/1.1"}))) {
      assertEquals("http/1.1", peer.socket.getApplicationProtocol());
    }
  }

  @Test
  void theHttpClientOfTheJdkIsServed() throws Exception {
    HttpClient client =
        HttpClient.newBuilder()
            .sslContext(ca.clientContext())
            .version(HttpClient.Version.HTTP_1_1)
            .build();
    for (int i = 0; i < 20; i++) {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(
                      URI.create("https://localhost:" + server.port() + "/" + i * 10_000))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertEquals(i * 10_000, response.body().length);
    }
  }

  @Test
  void curlIsServed() {
    Curl.Answer answer =
        Curl.run(
            "--http1.1",
            "--cacert",
            ca.authority().toString(),
            "https://localhost:" + server.port() + "/10000");
    assertEquals(200, answer.status(), answer.err());
    assertEquals(10_000, answer.out().length());
  }

  @Test
  void onlyVersionsAndCiphersOfTodayAreOffered() {
    assertEquals("[TLSv1.3, TLSv1.2]", Arrays.toString(tls.engine().getEnabledProtocols()));
    for (String suite : tls.engine().getEnabledCipherSuites()) {
      assertTrue(
          suite.matches("TLS_(AES|CHACHA20|ECDHE_(RSA|ECDSA)_WITH).*(GCM|POLY1305).*"), suite);
    }
  }

  @Test
  void plainTextIsAnsweredWithAnAlertAndClosed() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes("US-ASCII"));
      InputStream in = socket.getInputStream();
      assertEquals(21, in.read()); // an alert
      in.readAllBytes();
    }
    Await.until("one failure", () -> server.failures.size() == 1);
    assertEquals(0, server.protocols.size());
  }

  @Test
  void aClientThatLeavesInTheHandshakeIsOneFailure() throws IOException {
    try (Socket socket = new Socket("127.0.0.1", server.port())) {
      socket.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
    }
    Await.until("one failure", () -> server.failures.size() == 1);
  }

  @Test
  void aHandshakeThatTricklesInSucceeds() throws Exception {
    try (Trickle trickle = Trickle.to(server.port());
        TlsPeer peer = TlsPeer.connect(ca.clientContext(), trickle.port(), "localhost")) {
      assertEquals(3000, peer.get(3000));
    }
  }
}
