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
}
