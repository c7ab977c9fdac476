package io.proxyetc.internal.http.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyException;
import io.proxyetc.TargetTls;
import io.proxyetc.Tls;
import io.proxyetc.internal.tls.ClientTls;
import io.proxyetc.internal.tls.ServerTls;
import io.proxyetc.internal.tls.TargetEngines;
import io.proxyetc.spi.HealthEvent;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.OwnThread;
import io.proxyetc.testkit.TestCertificates;
import io.proxyetc.testkit.TestCertificates.Kind;
import io.proxyetc.testkit.TestCertificates.Leaf;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.conduits.ConduitStreamSourceChannel;

class TlsClientSideTest {
  @TempDir Path dir;
  private final List<HealthEvent> events = new CopyOnWriteArrayList<>();
  private final ClientTls client = new ClientTls(events::add);
  private final BufferBudget budget = new BufferBudget(1 << 20);
  private TestCertificates ca;
  private ServerTls tls;
  private SmallHttpsServer server;
  private XnioWorker worker;
  private TlsClientSide side;

  @BeforeEach
  void start() throws IOException {
    ca = TestCertificates.in(dir);
    Leaf other = ca.leaf(Kind.EC_PKCS8, "other.test", "127.0.0.1", "::1");
    Leaf shop = ca.leaf(Kind.EC_PKCS8, "shop.test", "localhost");
    tls =
        ServerTls.open(
            Tls.pem(other.certificate(), other.key()).and(shop.certificate(), shop.key()),
            event -> {});
    server = new SmallHttpsServer(tls::engine);
    worker =
        Xnio.getInstance()
            .createWorker(
                OptionMap.builder()
                    .set(Options.WORKER_IO_THREADS, 1)
                    .set(Options.THREAD_DAEMON, true)
                    .getMap());
    side = new TlsClientSide(new TlsBuffers(budget), worker);
  }

  @AfterEach
  void stop() {
    server.close();
    tls.close();
    client.close();
    worker.shutdownNow();
  }

  /** Its tasks ran all the same, and those of the living waited for them. */
  @Test
  void aConnectionThatIsClosedHasNoMoreTasksRun() {
    SSLEngine engine =
        client.engines(trusting(Optional.empty())).engine("localhost", server.port());
    CompletableFuture<StreamConnection> begun = new CompletableFuture<>();
    CompletableFuture<Boolean> left = new CompletableFuture<>();
    Executor late = // on the IO thread, so that nothing of the connection is freed meanwhile
        task -> {
          Await.get("it is closed", OwnThread.run(() -> IoUtils.safeClose(begun.join())));
          task.run();
          left.complete(engine.getDelegatedTask() != null);
        };
    worker
        .getIoThread()
        .openStreamConnection(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()),
            plain ->
                begun.complete(
                    new TlsClientSide(new TlsBuffers(budget), late)
                        .wrap(plain, engine, new Fetch(new CompletableFuture<>(), 1))),
            OptionMap.EMPTY);
    assertTrue(Await.get("the task had its turn", left), "the task is still there");
  }

  private long count(HealthEvent.Kind kind) {
    return events.stream().filter(event -> event.kind() == kind).count();
  }

  private TargetTls trusting(Optional<String> name) {
    return new TargetTls(Optional.of(ca.authority()), true, name);
  }

  /** What a request over TLS came to. */
  private record Answer(String text, boolean endedCleanly) {}

  private CompletableFuture<Answer> fetch(TargetTls target, String host, int port, int size) {
    return fetch(client.engines(target), host, port, size);
  }

  private CompletableFuture<Answer> fetch(TargetEngines engines, String host, int port, int size) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    worker
        .getIoThread()
        .openStreamConnection(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            plain -> side.wrap(plain, engines.engine(host, port), new Fetch(answer, size)),
            OptionMap.EMPTY);
    return answer;
  }

  private Answer get(TargetTls target, String host, int size) {
    return get(client.engines(target), host, size);
  }

  private Answer get(TargetEngines engines, String host, int size) {
    return Await.get("an answer", fetch(engines, host, server.port(), size));
  }

  private String failure(TargetTls target, String host) {
    return failure(client.engines(target), host);
  }

  private String failure(TargetEngines engines, String host) {
    CompletableFuture<Answer> answer = fetch(engines, host, server.port(), 1);
    Await.until("an end", answer::isDone);
    return assertThrows(Exception.class, answer::get).toString();
  }

  /** One request and its answer, up to the size wanted or the end. */
  private static final class Fetch implements TlsReady {
    private final CompletableFuture<Answer> answer;
    private final int size;
    private final StringBuilder text = new StringBuilder();
    private final ByteBuffer in = ByteBuffer.allocateDirect(16 * 1024);

    Fetch(CompletableFuture<Answer> answer, int size) {
      this.answer = answer;
      this.size = size;
    }

    @Override
    public void ready(StreamConnection connection, String protocol) {
      try {
        String request = "GET /" + size + " HTTP/1.1\r\nHost: x\r\n\r\n";
        connection
            .getSinkChannel()
            .write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        connection.getSinkChannel().flush();
        connection.getSourceChannel().setReadListener(source -> readable(connection, source));
        connection.getSourceChannel().resumeReads();
      } catch (IOException e) {
        failed(connection, e);
      }
    }

    private void readable(StreamConnection connection, ConduitStreamSourceChannel source) {
      try {
        int read = source.read(in.clear());
        text.append(StandardCharsets.ISO_8859_1.decode(in.flip()));
        int head = text.indexOf("\r\n\r\n") + 4;
        if (read < 0 || (head > 4 && text.length() >= head + size)) {
          boolean clean = TlsClientSide.endedCleanly(connection);
          IoUtils.safeClose(connection);
          answer.complete(new Answer(text.toString(), clean));
        }
      } catch (IOException e) {
        failed(connection, e);
      }
    }

    @Override
    public void failed(StreamConnection connection, IOException why) {
      IoUtils.safeClose(connection);
      answer.completeExceptionally(why);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1000, 3_000_000})
  void aTargetAnswers(int size) {
    assertTrue(
        get(trusting(Optional.empty()), "shop.test", size).text().startsWith("HTTP/1.1 200"));
    Await.until("nothing kept", () -> budget.used() == 0);
  }

  @Test
  void theNameIsSentAndVerified() {
    get(trusting(Optional.empty()), "shop.test", 1);
    get(trusting(Optional.empty()), "SHOP.test.", 1);
    get(trusting(Optional.empty()), "localhost", 1); // a name without a dot is sent too
    String wrong = failure(trusting(Optional.empty()), "elsewhere.test");
    assertTrue(wrong.contains("elsewhere.test"), wrong);
  }

  @Test
  void anotherNameGoesBeforeTheHost() {
    get(trusting(Optional.of("shop.test")), "10.0.0.7", 1);
    String wrong = failure(trusting(Optional.of("elsewhere.test")), "shop.test");
    assertTrue(wrong.contains("elsewhere.test"), wrong);
  }

  @Test
  void anAddressIsVerifiedAndNotSent() {
    get(trusting(Optional.empty()), "127.0.0.1", 1);
    get(trusting(Optional.empty()), "[::1]", 1);
    String wrong = failure(trusting(Optional.empty()), "127.0.0.2");
    assertTrue(wrong.contains("127.0.0.2"), wrong);
  }

  @Test
  void whoeverIsNotTrustedIsRefusedUnlessNothingIsVerified() {
    String refused = failure(TargetTls.DEFAULT, "shop.test");
    assertTrue(refused.contains("unable to find valid certification path"), refused);
    get(TargetTls.unverified(), "elsewhere.test", 1);
    get(TargetTls.unverified(), "under_score.test", 1);
    failure(TargetTls.DEFAULT, "shop.test"); // and no session made it pass now
  }

  @ParameterizedTest
  @ValueSource(strings = {"-tls1_2", "-tls1_3"})
  void sessionsAreResumed(String version) {
    TargetTls trusting = trusting(Optional.empty());
    TargetEngines held = client.engines(trusting); // as a target's state does
    try (OpensslServer openssl = new OpensslServer(ca.leaf(Kind.EC_PKCS8, "shop.test"), version)) {
      assertTrue(page(trusting, openssl.port()).contains("New, TLSv1"));
      assertTrue(page(trusting, openssl.port()).contains("Reused, TLSv1"));
    }
    Reference.reachabilityFence(held);
  }

  private String page(TargetTls target, int port) {
    return Await.get("a page", fetch(target, "shop.test", port, Integer.MAX_VALUE / 2)).text();
  }

  @Test
  void newConnectionsGoByAChangedTrustFileAndNeverByABrokenOne() throws IOException {
    TestCertificates others = TestCertificates.in(Files.createDirectory(dir.resolve("others")));
    Path trust = Files.copy(others.authority(), dir.resolve("trust.pem"));
    TargetTls target = TargetTls.trusting(trust);
    TargetEngines engines = client.engines(target); // as a route holds them
    failure(engines, "shop.test");
    Files.copy(ca.authority(), trust, StandardCopyOption.REPLACE_EXISTING);
    Await.until("the new trust", () -> count(HealthEvent.Kind.CERTIFICATE_RELOADED) == 1);
    get(engines, "shop.test", 1);
    Files.writeString(trust, "garbage");
    Await.until("the refusal", () -> count(HealthEvent.Kind.CERTIFICATE_REFUSED) == 1);
    assertEquals(trust.toString(), events.get(1).subject());
    assertTrue(events.get(1).detail().startsWith("holds no certificate"));
    get(engines, "shop.test", 1);
    assertSame(engines, client.engines(target), "even for a route that is put meanwhile");
    Files.copy(others.authority(), trust, StandardCopyOption.REPLACE_EXISTING);
    Await.until("the old trust", () -> count(HealthEvent.Kind.CERTIFICATE_RELOADED) == 2);
    failure(engines, "shop.test"); // not even with its old session
  }

  @Test
  void aTrustFileThatChangedCountsAtOnceForWhoeverPutsARoute() throws IOException {
    TestCertificates others = TestCertificates.in(Files.createDirectory(dir.resolve("others")));
    Path trust = Files.copy(others.authority(), dir.resolve("trust.pem"));
    TargetEngines engines = client.engines(TargetTls.trusting(trust));
    Files.copy(ca.authority(), trust, StandardCopyOption.REPLACE_EXISTING);
    TargetTls named = new TargetTls(Optional.of(trust), true, Optional.of("shop.test"));
    get(client.engines(named), "10.0.0.7", 1);
    get(engines, "shop.test", 1);
  }

  @Test
  void aTrustFileThatWasNeverGoodIsRefused() throws IOException {
    Path trust = Files.writeString(dir.resolve("trust.pem"), "garbage");
    ProxyException refused =
        assertThrows(ProxyException.class, () -> client.engines(TargetTls.trusting(trust)));
    assertTrue(String.valueOf(refused.getMessage()).startsWith(trust.toString()));
  }

  /** A target that answers without a length, and ends with or without TLS's notice of the end. */
  private Answer delimitedByEnd(boolean clean) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Answer> answer =
          fetch(trusting(Optional.empty()), "other.test", listener.getLocalPort(), 100_000);
      Socket plain = listener.accept();
      SSLSocket secure =
          (SSLSocket) tls.context().getSocketFactory().createSocket(plain, null, 0, true);
      secure.setUseClientMode(false);
      OutputStream out = secure.getOutputStream();
      assertEquals('G', secure.getInputStream().read());
      out.write("HTTP/1.1 200 OK\r\n\r\nall of it".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      if (clean) {
        secure.close();
      } else {
        plain.shutdownOutput();
      }
      Answer got = Await.get("an answer", answer);
      plain.close();
      return got;
    }
  }

  @Test
  void anEndThatWasSaidDiffersFromOneThatJustHappened() throws IOException {
    Answer said = delimitedByEnd(true);
    assertTrue(said.text().endsWith("all of it"), said.text());
    assertTrue(said.endedCleanly());
    Answer happened = delimitedByEnd(false);
    assertTrue(happened.text().endsWith("all of it"), happened.text());
    assertFalse(happened.endedCleanly());
  }

  @Test
  void aTargetThatSpeaksNoTlsIsAFailure() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CompletableFuture<Answer> answer =
          fetch(trusting(Optional.empty()), "shop.test", listener.getLocalPort(), 1);
      try (Socket socket = listener.accept()) {
        socket.getOutputStream().write("220 mail ESMTP\r\n".getBytes(StandardCharsets.US_ASCII));
        Await.until("an end", answer::isDone);
      }
      assertTrue(answer.isCompletedExceptionally());
    }
  }
}
