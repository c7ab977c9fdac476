package io.proxyetc.http2;

import io.proxyetc.Route;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.JdkTarget;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 as RFC 7540 and RFC 7541 want it, judged by somebody else. */
final class H2specTest {
  @Test
  void everyCaseOfH2specPasses(@TempDir Path dir) {
    H2spec h2spec = H2spec.in(dir);
    try (JdkTarget target = JdkTarget.start(JdkTarget.text("hello ".repeat(100)));
        Http2Rig rig = Http2Rig.start()) {
      rig.proxy().routes().put(Route.builder("all").to(target.url()).build());
      h2spec.requireAllPass(rig.port());
      Await.until("no client is left", () -> rig.proxy().stats().openConnections() == 0);
      Await.until("nothing is buffered", () -> rig.proxy().stats().bufferedBytes() == 0);
    }
  }
}
