package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Route;
import io.proxyetc.testkit.Await;
import io.proxyetc.testkit.HeardLog;
import io.proxyetc.testkit.Script;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What the log says of targets that are away or talk nonsense: which, why, and not over and over.
 */
final class TargetWarningsTest {

  @Test
  void anUnreachableTargetIsNamedOnceAMinuteHoweverOftenItIsTried() {
    try (HeardLog log = HeardLog.open();
        Rig rig = Rig.start()) {
      rig.target().stopListening();
      assertEquals(502, rig.get("/first").status());
      Await.until(
          "it is tried again, in vain",
          () -> {
            rig.get("/again");
            return rig.proxy().stats().upstreamConnectFailures() >= 2;
          });
      List<String> told = log.lines(" WARN ", "no connection", "told again");
      assertEquals(1, told.size(), "" + told);
      assertTrue(
          told.get(0)
              .contains(
                  "route all: target default/"
                      + rig.target().url()
                      + ": no connection: Connection refused; told again after a minute"),
          told.get(0));
    }
  }

  @Test
  void anotherRoutesTargetIsNamedToo() {
    try (HeardLog log = HeardLog.open();
        Rig rig = Rig.start()) {
      rig.proxy()
          .routes()
          .put(Route.builder("other").path("/other").to(rig.target().url()).build());
      rig.target().stopListening();
      assertEquals(502, rig.get("/a").status());
      assertEquals(502, rig.get("/other").status());
      assertEquals(1, log.lines(" WARN ", "route all: ", "no connection").size());
      assertEquals(1, log.lines(" WARN ", "route other: ", "no connection").size());
    }
  }

  @Test
  void aTargetThatTalksNonsenseIsNamedOnce() {
    try (HeardLog log = HeardLog.open();
        Rig rig = Rig.start(Script.raw("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"))) {
      for (int i = 0; i < 5; i++) {
        assertEquals(502, rig.get("/" + i).status());
      }
      List<String> told = log.lines(" WARN ", "its answer is refused");
      assertEquals(1, told.size(), "" + told);
      assertTrue(
          told.get(0).contains("route all: target default/" + rig.target().url() + ": "),
          told.get(0));
    }
  }
}
