package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.AccessLog;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the access log says of a request, compared with what client and target got. */
final class AccessLogTest {
  @TempDir private Path directory;

  private Rig rig() {
    AccessLog log = new AccessLog(AccessLog.Format.COMBINED, Optional.of(file()));
    return Rig.start(Script.echoLine(), route -> route, proxy -> proxy.accessLog(log));
  }

  private Path file() {
    return directory.resolve("access.log");
  }

  private List<String> lines(int count) {
    Await.until(count + " lines", () -> read().size() >= count);
    return read();
  }

  private List<String> read() {
    try {
      return Files.exists(file()) ? Files.readAllLines(file()) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** By it a request of the target's log is found in ours. */
  @Test
  void theIdIsTheOneThatTheTargetGot() {
    try (Rig rig = rig()) {
      rig.get("/made");
      rig.get("/given", "X-Request-Id: 4711-abc");
      rig.get("/bad", "X-Request-Id: not an id");
      List<String> lines = lines(3);
      for (int i = 0; i < 3; i++) {
        String id = rig.target().requests().get(i).field("X-Request-Id");
        assertTrue(lines.get(i).contains("id=" + id + "\""), id + " in " + lines.get(i));
      }
    }
  }

  @Test
  void aRedirectIsLoggedWithItsRequest() {
    AccessLog log = new AccessLog(AccessLog.Format.COMBINED, Optional.of(file()));
    try (Rig rig =
        Rig.start(
            Script.echoLine(), route -> route.redirectToHttps(), proxy -> proxy.accessLog(log))) {
      assertEquals(301, rig.get("/a?b", "User-Agent: someone").status());
      String line = lines(1).get(0);
      assertTrue(line.contains("\"GET /a?b HTTP/1.1\" 301"), line);
      assertTrue(line.contains("\"someone\""), line);
    }
  }

  /** The address that the log names for a request, where the networks given are believed. */
  private String logged(String believed, String... fields) throws IOException {
    Files.deleteIfExists(file());
    AccessLog log = new AccessLog(AccessLog.Format.COMBINED, Optional.of(file()));
    try (Rig rig =
        Rig.start(
            Script.echoLine(),
            route -> route,
            proxy -> proxy.accessLog(log).trustedPeers(believed.split(" ")))) {
      assertEquals(200, rig.get("/a", fields).status());
      String line = lines(1).get(0);
      return line.substring(0, line.indexOf(' '));
    }
  }

  /** It was the peer, so that behind a load balancer all requests seemed to come from there. */
  @Test
  void aClientBehindABelievedPeerIsNamedAndNotThePeer() throws IOException {
    assertEquals("192.0.2.7", logged("127.0.0.1", "X-Forwarded-For: 192.0.2.7"));
    assertEquals("2001:db8::7", logged("127.0.0.1", "X-Forwarded-For: 2001:DB8:0::7"));
    assertEquals("192.0.2.7", logged("127.0.0.1", "Forwarded: for=192.0.2.7;proto=https"));
    assertEquals("2001:db8::7", logged("127.0.0.1", "Forwarded: For=\"[2001:db8::7]:4711\""));
    assertEquals("192.0.2.7", logged("127.0.0.1", "X-Forwarded-For: 192.0.2.7:4711"));
    assertEquals(
        "192.0.2.7",
        logged("127.0.0.1", "Forwarded: for=6.6.6.6", "X-Forwarded-For: 6.6.6.6, 192.0.2.7"));
    assertEquals(
        "192.0.2.7", logged("127.0.0.1", "X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 192.0.2.7"));
  }

  @Test
  void whomAChainOfBelievedPeersNamesIsTheNearestThatIsNotBelieved() throws IOException {
    String chain = "X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.0.0.1,10.0.0.2";
    assertEquals("192.0.2.7", logged("127.0.0.1 10.0.0.0/8", chain));
    assertEquals("10.0.0.2", logged("127.0.0.1", chain));
    assertEquals("10.0.0.9", logged("127.0.0.1 10.0.0.0/8", "X-Forwarded-For: 10.0.0.9"));
  }

  @Test
  void whatNobodyBelievesOrNobodyCanReadLeavesThePeer() throws IOException {
    assertEquals("127.0.0.1", logged("10.0.0.0/8", "X-Forwarded-For: 192.0.2.7"));
    assertEquals("127.0.0.1", logged("127.0.0.1"));
    for (String bad :
        List.of("unknown", "_hidden", "cafe", "1.2.3.4.5", "256.1.1.1", ":", "[", "")) {
      assertEquals("127.0.0.1", logged("127.0.0.1", "X-Forwarded-For: " + bad), bad);
      assertEquals("127.0.0.1", logged("127.0.0.1", "Forwarded: for=\"" + bad + "\""), bad);
    }
    assertEquals(
        "127.0.0.1",
        logged("127.0.0.1", "Connection: X-Forwarded-For", "X-Forwarded-For: 192.0.2.7"));
  }

  /** Words of it were taken for a method, and a protocol was named that nobody spoke. */
  @Test
  void whatIsNoHttpHasNeitherMethodNorUri() {
    try (Rig rig = rig()) {
      for (String line :
          List.of("gar bage", "GET /h2 HTTP/2.0", "GET a HTTP/1.1", "GET / HTTP/x")) {
        rig.exchange(line + "\r\nHost: a\r\n\r\n");
      }
      assertEquals(405, rig.exchange("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n").status());
      rig.get("/good");
      List<String> lines = lines(6);
      for (int i = 0; i < 4; i++) {
        assertTrue(lines.get(i).matches(".*] \"-\" (400|505) .*"), lines.get(i));
      }
      assertTrue(lines.get(4).contains("\"CONNECT - HTTP/1.1\" 405 "), lines.get(4));
      assertTrue(lines.get(5).contains("\"GET /good HTTP/1.1\" 200 "), lines.get(5));
    }
  }

  @Test
  void inJsonItHasNoProtocolEither() {
    AccessLog log = new AccessLog(AccessLog.Format.JSON, Optional.of(file()));
    try (Rig rig = Rig.start(Script.echoLine(), route -> route, proxy -> proxy.accessLog(log))) {
      assertEquals(505, rig.exchange("GET /h2 HTTP/2.0\r\nHost: a\r\n\r\n").status());
      String line = lines(1).get(0);
      assertTrue(line.contains("\"client\":\"127.0.0.1\",\"status\":505,"), line);
    }
  }

  /** They were logged with 0. */
  @Test
  void theBytesOfOurOwnAnswersAreCounted() {
    AccessLog log = new AccessLog(AccessLog.Format.COMBINED, Optional.of(file()));
    try (Rig rig =
        Rig.start(
            Script.echoLine(), route -> route.host("app.test"), proxy -> proxy.accessLog(log))) {
      String other = "GET /a HTTP/1.1\r\nHost: other.test\r\n";
      String text = rig.exchange(other + "\r\n").body();
      String json = rig.exchange(other + "Accept: application/json\r\n\r\n").body();
      rig.exchange(other.replace("GET", "HEAD") + "\r\n");
      String bad = rig.exchange("GET /a HTTP/1.1\r\n\r\n").body();
      String good = rig.get("/a").body();
      List<String> lines = lines(5);
      assertTrue(lines.get(0).contains("\" 404 " + text.length() + " \""), lines.get(0));
      assertTrue(lines.get(1).contains("\" 404 " + json.length() + " \""), lines.get(1));
      assertTrue(lines.get(2).contains("\" 404 0 \""), lines.get(2));
      assertTrue(lines.get(3).contains("\" 400 " + bad.length() + " \""), lines.get(3));
      assertTrue(lines.get(4).contains("\" 200 " + good.length() + " \""), lines.get(4));
    }
  }
}
