package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyException;
import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.SessionSecret;
import io.proxyetc.testkit.HeardLog;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RecordingTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Where the secret of sticky sessions comes from, and that it outlives the proxy. */
final class SessionSecretTest {
  @TempDir private Path dir;

  /** The cookie that a proxy gives which lives just for this. */
  private static String cookie(RecordingTarget target, UnaryOperator<ProxyServer.Builder> how) {
    ProxyServer.Builder builder =
        ProxyServer.builder().http("localhost", 0).ioThreads(1).limits(Rig.LIMITS);
    try (ProxyServer proxy = how.apply(builder).start();
        RawClient client = RawClient.connect(proxy.port())) {
      proxy.routes().put(Route.builder("app").to(target.url()).sticky().build());
      return client.send(Rig.request("GET", "/")).read().field("Set-Cookie");
    }
  }

  @Test
  void oneThatIsMadeIsKeptBesideTheRoutes() throws Exception {
    try (RecordingTarget target = RecordingTarget.start()) {
      Path routes = dir.resolve("routes.json");
      String first = cookie(target, proxy -> proxy.fileStore(routes));
      assertEquals(first, cookie(target, proxy -> proxy.fileStore(routes)));
      Path kept = dir.resolve("routes.json.session-secret");
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)));
      assertTrue(Files.readString(kept).matches("[0-9a-f]{64}\n"));
      assertEquals(
          first,
          cookie(target, proxy -> proxy.sessionSecret(SessionSecret.file(kept))),
          "given to another proxy");
    }
  }

  @Test
  void orBesideTheLastGoodCopy() {
    try (RecordingTarget target = RecordingTarget.start()) {
      UnaryOperator<ProxyServer.Builder> how = proxy -> proxy.lastGood(dir.resolve("copy.json"));
      assertEquals(cookie(target, how), cookie(target, how));
      assertTrue(Files.exists(dir.resolve("copy.json.session-secret")));
    }
  }

  @Test
  void withoutAPlaceSessionsEndWithTheProxyAndItSaysSoOnce() {
    try (RecordingTarget target = RecordingTarget.start();
        HeardLog log = HeardLog.open()) {
      assertNotEquals(cookie(target, proxy -> proxy), cookie(target, proxy -> proxy));
      assertEquals(2, log.lines("sticky sessions", "end with this process").size(), "one each");
    }
  }

  @Test
  void aPlaceThatCannotBeUsedIsNamed() throws Exception {
    Files.writeString(dir.resolve("routes.json.session-secret"), "too short");
    try (RecordingTarget target = RecordingTarget.start();
        HeardLog log = HeardLog.open()) {
      String cookie = cookie(target, proxy -> proxy.fileStore(dir.resolve("routes.json")));
      assertTrue(cookie.startsWith("proxyetc-app="), cookie);
      assertEquals(
          1, log.lines("routes.json.session-secret has 9 bytes", "end with this process").size());
    }
  }

  @Test
  void aProxyWithoutStickySessionsKeepsNone() throws Exception {
    try (Rig rig =
        Rig.start(
            exchange -> {}, route -> route, proxy -> proxy.fileStore(dir.resolve("routes.json")))) {
      assertTrue(Files.exists(dir.resolve("routes.json")));
      assertFalse(Files.exists(dir.resolve("routes.json.session-secret")), rig.toString());
    }
  }

  @Test
  void whatIsNoSecretIsRefusedAndNeverShown() throws Exception {
    assertEquals(
        "the session secret has 15 bytes, but it must have 16 to 4096: give random bytes, such as"
            + " 'openssl rand -hex 32' makes",
        fault(() -> SessionSecret.of(new byte[15])));
    fault(() -> SessionSecret.of(new byte[4097]));
    assertTrue(fault(() -> SessionSecret.file(dir)).endsWith("it is no file"));
    Path file = dir.resolve("secret");
    assertTrue(fault(() -> SessionSecret.file(file)).contains("there is no such file"));
    Files.writeString(file, "fifteen bytes..\r\n \n");
    assertTrue(fault(() -> SessionSecret.file(file)).contains(" has 15 bytes"));
    Files.writeString(file, "s".repeat(4097));
    assertTrue(fault(() -> SessionSecret.file(file)).contains(" has more than 4096 bytes"));
    Files.writeString(file, "a secret of a fleet\r\n");
    SessionSecret secret = SessionSecret.file(file);
    assertEquals("a secret of a fleet", new String(secret.bytes(), StandardCharsets.US_ASCII));
    assertEquals("the session secret in " + file, secret.toString());
    secret.bytes()[0] = 0;
    assertEquals('a', secret.bytes()[0], "a copy");
    assertFalse(SessionSecret.of(secret.bytes()).toString().contains("fleet"));
  }

  private static String fault(Executable call) {
    return assertThrows(ProxyException.class, call).getMessage();
  }
}
