package io.proxyetc.http2;

import io.proxyetc.Limits;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.Tls;
import io.proxyetc.testkit.RecordingTarget;
import io.proxyetc.testkit.Script;
import io.proxyetc.testkit.TestCertificates;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;

/** A recording target with a proxy in front of it that speaks HTTP/2. */
final class Http2Rig implements AutoCloseable {
  /** Defaults, but without any wait for requests in flight when a test is over. */
  static final Limits LIMITS = Limits.DEFAULT.withDrain(Duration.ZERO);

  private final RecordingTarget target;
  private final ProxyServer proxy;

  private Http2Rig(RecordingTarget target, ProxyServer proxy) {
    this.target = target;
    this.proxy = proxy;
  }

  static Http2Rig start() {
    return start(Script.echoLine());
  }

  static Http2Rig start(Script script) {
    return start(script, LIMITS);
  }

  static Http2Rig start(Script script, Limits limits) {
    return start(RecordingTarget.start(script), limits, route -> route);
  }

  static Http2Rig start(RecordingTarget target, Limits limits, UnaryOperator<Route.Builder> route) {
    ProxyServer proxy =
        ProxyServer.builder()
            .https("127.0.0.1", 0, Tls.pem(Held.LEAF.certificate(), Held.LEAF.key()))
            .ioThreads(1)
            .limits(limits)
            .start();
    proxy.routes().put(route.apply(Route.builder("all").to(target.url())).build());
    return new Http2Rig(target, proxy);
  }

  /** Made once: openssl takes its time. */
  private static final class Held {
    static final Path DIRECTORY = directory();
    static final TestCertificates AUTHORITY = TestCertificates.in(DIRECTORY);
    static final TestCertificates.Leaf LEAF =
        AUTHORITY.leaf(TestCertificates.Kind.EC_PKCS8, "localhost", "127.0.0.1");
    static final SSLContext CLIENT = AUTHORITY.clientContext();

    static {
      File[] files = DIRECTORY.toFile().listFiles();
      DIRECTORY.toFile().deleteOnExit();
      for (File file : files == null ? new File[0] : files) {
        file.deleteOnExit(); // before the directory: the last one named goes first
      }
    }

    private static Path directory() {
      try {
        return Files.createTempDirectory("proxyetc-http2");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** What a client of the JDK needs to trust the proxy. */
  static SSLContext clientContext() {
    return Held.CLIENT;
  }

  /** The authority's certificate as PEM. */
  static Path authority() {
    return Held.AUTHORITY.authority();
  }

  RecordingTarget target() {
    return target;
  }

  ProxyServer proxy() {
    return proxy;
  }

  int port() {
    return proxy.port();
  }

  String url(String path) {
    return "https://localhost:" + port() + path;
  }

  /** A client that has greeted. */
  RawHttp2 client(int... settings) {
    return RawHttp2.connect(port(), Held.CLIENT, settings);
  }

  /** A client that has greeted, whose socket takes little. */
  RawHttp2 narrowClient(int receiveBuffer, int... settings) {
    return RawHttp2.silent(port(), Held.CLIENT, receiveBuffer).greet(settings);
  }

  @Override
  public void close() {
    try {
      proxy.close();
    } finally {
      target.close();
    }
  }
}
