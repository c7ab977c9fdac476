package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.ProxyServer;
import io.proxyetc.Route;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.Script;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Fields of one connection stay on it, in both directions (RFC 9110, section 7.6); Via and loops.
 */
final class HopByHopTest {

  @Test
  void requestFieldsOfTheConnectionAreDropped() {
    try (Rig rig = Rig.start();
        RawClient client = rig.client()) {
      client.send(
          Rig.request(
              "GET",
              "/a",
              "Connection: keep-alive, X-Hop",
              "Connection: x-other , , X-Third",
              "X-Hop: 1",
              "x-OTHER: 2",
              "X-Third: 3",
              "Keep-Alive: timeout=5",
              "Proxy-Connection: keep-alive",
              "TE: trailers, gzip",
              "Trailer: X-Sum",
              "Upgrade: foo",
              "Proxy-Authorization: Basic eDp5",
              "X-Stays: yes"));
      assertEquals(200, client.read().status());
      Received request = rig.target().awaitRequest();
      for (String name :
          List.of("X-Hop", "X-Other", "X-Third", "Keep-Alive", "Proxy-Connection", "Upgrade")) {
        assertFalse(request.has(name), name + " in " + request.head());
      }
      assertTrue(request.all("TE").stream().allMatch("trailers"::equals), request.head());
      assertFalse(
          request.all("Connection").stream().anyMatch(v -> v.contains("X-")), request.head());
      assertEquals("yes", request.field("X-Stays"));
      Rig.assertStillServes(client);
    }
  }

  @Test
  void responseFieldsOfTheConnectionAreDropped() {
    String response =
        "HTTP/1.1 200 OK\r\nConnection: X-Hop, keep-alive\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\n"
            + "Proxy-Connection: keep-alive\r\nUpgrade: foo\r\nTrailer: X-Sum\r\n"
            + "X-Stays: yes\r\nContent-Length: 2\r\n\r\nok";
    try (Rig rig = Rig.start(Script.raw(response));
        RawClient client = rig.client()) {
      RawResponse got = client.send(Rig.request("GET", "/a")).read();
      for (String name : List.of("X-Hop", "Keep-Alive", "Proxy-Connection", "Upgrade")) {
        assertEquals(List.of(), got.all(name), name);
      }
      assertEquals("yes", got.field("X-Stays"));
      assertFalse(got.saysClose());
      assertEquals("ok", client.send(Rig.request("GET", "/next")).read().body());
    }
  }

  @Test
  void closeOfTheTargetIsNotTheClients() {
    String response = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
    try (Rig rig = Rig.start(Script.rawThenClose(response));
        RawClient client = rig.client()) {
      for (int i = 0; i < 3; i++) {
        RawResponse got = client.send(Rig.request("GET", "/a")).read();
        assertEquals("ok", got.body());
        assertFalse(got.saysClose());
      }
      assertEquals(3, rig.target().connections().size());
    }
  }

  @Test
  void closeOfTheClientIsNotTheTargets() {
    try (Rig rig = Rig.start()) {
      for (int i = 0; i < 3; i++) {
        try (RawClient client = rig.client()) {
          RawResponse got = client.send(Rig.request("GET", "/a", "Connection: close")).read();
          assertTrue(got.saysClose());
          client.expectClosed();
        }
      }
      assertEquals(1, rig.target().connections().size());
      rig.target().requests().forEach(r -> assertFalse(r.head().contains("close"), r.head()));
    }
  }

  /** The order of what passes, the case of names, and repeated fields are the sender's. */
  @Test
  void restPassesAsItStands() {
    String response =
        "HTTP/1.1 299 Fine By Me\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\nX-Empty:\r\n"
            + "X-hIgH: \u00e4\u00ff\r\nContent-Length: 0\r\n\r\n";
    try (Rig rig = Rig.start(Script.raw(response))) {
      RawResponse got =
          rig.get(
              "/a?q=%2f&r=a+b",
              "cookie: a=1", "COOKIE: b=2", "X-Empty:", "x-High: \u00e4\u00ff", "Accept: */*");
      assertTrue(got.head().startsWith("HTTP/1.1 299 Fine By Me\r\n"), got.head());
      assertEquals(List.of("a=1", "b=2"), got.all("Set-Cookie"));
      assertTrue(got.head().contains("set-cookie: a=1\r\nSet-Cookie: b=2\r\n"), got.head());
      assertEquals("", got.field("X-Empty"));
      assertEquals("\u00e4\u00ff", got.field("X-High"));
      Received request = rig.target().awaitRequest();
      assertEquals("/a?q=%2f&r=a+b", request.path());
      assertTrue(request.head().contains("cookie: a=1\r\nCOOKIE: b=2\r\n"), request.head());
      assertTrue(request.head().contains("x-High: \u00e4\u00ff\r\n"), request.head());
    }
  }

  @Test
  void viaIsAppendedInBothDirections() {
    String response = "HTTP/1.1 200 OK\r\nVia: 1.0 inner\r\nContent-Length: 0\r\n\r\n";
    try (Rig rig = Rig.start(Script.raw(response))) {
      RawResponse got = rig.get("/a", "Via: 1.0 outer", "Via: 1.1 second (comment)");
      String back = String.join(", ", got.all("Via"));
      assertTrue(back.matches("1\\.0 inner, " + Rig.VIA), back);
      String forth = String.join(", ", rig.target().awaitRequest().all("Via"));
      assertTrue(forth.matches("1\\.0 outer, 1\\.1 second \\(comment\\), " + Rig.VIA), forth);
    }
  }

  /** Row 22: a loop through ourselves ends after a bounded number of turns. */
  @Test
  void loopThroughOurselvesEnds() {
    try (ProxyServer proxy =
        ProxyServer.builder().http("localhost", 0).limits(Rig.LIMITS).ioThreads(1).start()) {
      proxy.routes().put(Route.builder("loop").to("http://127.0.0.1:" + proxy.port()).build());
      try (RawClient client = RawClient.connect(proxy.port())) {
        RawResponse response = client.send(Rig.request("GET", "/a")).read();
        assertTrue(response.status() >= 400, response.head());
      }
      assertTrue(proxy.stats().accepted() <= 32, "accepted " + proxy.stats().accepted());
    }
  }

  @Test
  void loopThroughTwoProxiesEnds() {
    try (ProxyServer one =
            ProxyServer.builder().http("localhost", 0).limits(Rig.LIMITS).ioThreads(1).start();
        ProxyServer two =
            ProxyServer.builder().http("localhost", 0).limits(Rig.LIMITS).ioThreads(1).start()) {
      one.routes().put(Route.builder("to-two").to("http://127.0.0.1:" + two.port()).build());
      two.routes().put(Route.builder("to-one").to("http://127.0.0.1:" + one.port()).build());
      try (RawClient client = RawClient.connect(one.port())) {
        RawResponse response = client.send(Rig.request("GET", "/a")).read();
        assertTrue(response.status() >= 400, response.head());
      }
      assertTrue(one.stats().accepted() + two.stats().accepted() <= 32);
    }
  }

  /** Two proxies in a row are no loop. */
  @Test
  void chainOfTwoProxiesIsNoLoop() {
    try (Rig rig = Rig.start();
        ProxyServer front =
            ProxyServer.builder().http("localhost", 0).limits(Rig.LIMITS).ioThreads(1).start()) {
      front.routes().put(Route.builder("on").to("http://127.0.0.1:" + rig.port()).build());
      try (RawClient client = RawClient.connect(front.port())) {
        RawResponse response = client.send(Rig.request("GET", "/a")).read();
        assertEquals("GET /a", response.body());
        String via = String.join(", ", response.all("Via"));
        assertTrue(via.matches(Rig.VIA + ", " + Rig.VIA), via);
      }
    }
  }
}
