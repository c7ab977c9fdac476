package io.proxyetc.http;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.proxyetc.HealthCheck;
import io.proxyetc.Route;
import io.proxyetc.TargetGroup;
import io.proxyetc.TargetStatus.Observed;
import io.proxyetc.TargetTls;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.JdkTarget;
import io.proxyetc.testkit.ShownLeaf;
import io.proxyetc.testkit.TestCertificates;
import io.proxyetc.testkit.TestCertificates.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A target whose certificate expires while the proxy runs. */
final class ExpiredTargetTest {
  @TempDir private Path dir;

  private static HttpsServer server(SSLContext context, String protocol) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 64);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters its = context.getDefaultSSLParameters();
            its.setProtocols(new String[] {protocol});
            parameters.setSSLParameters(its);
          }
        });
    server.createContext("/", JdkTarget.text("over TLS"));
    server.start();
    return server;
  }

  /** Its sessions could be resumed still. */
  @ParameterizedTest
  @CsvSource({"HTTP, TLSv1.3", "HTTP, TLSv1.2", "TLS, TLSv1.3", "TLS, TLSv1.2"})
  void probesNoticeIt(HealthCheck.Kind kind, String protocol) throws IOException {
    TestCertificates ca = TestCertificates.in(dir);
    ShownLeaf shown = new ShownLeaf(ca, ca.leaf(Kind.EC_PKCS8, "127.0.0.1"));
    HttpsServer server = server(ca.context(shown), protocol);
    try (Rig rig = Rig.start()) {
      TargetGroup group =
          TargetGroup.of("default", "https://127.0.0.1:" + server.getAddress().getPort())
              .withTls(TargetTls.trusting(ca.authority()));
      HealthCheck check =
          HealthCheck.builder(kind)
              .interval(Duration.ofMillis(100))
              .timeout(Duration.ofSeconds(5))
              .build();
      rig.proxy().routes().put(Route.builder("all").group(group).health(check).build());
      Await.until("it is good", () -> health(rig) == Observed.HEALTHY);
      Await.until("it is asked for a while", () -> rig.get("/a").status() == 200);
      shown.change(ca.expired(Kind.EC_PKCS8, "127.0.0.1"));
      Await.until("it is bad", () -> health(rig) == Observed.UNHEALTHY);
    } finally {
      server.stop(0);
    }
  }

  private static Observed health(Rig rig) {
    return rig.proxy().targets().get(0).health();
  }
}
