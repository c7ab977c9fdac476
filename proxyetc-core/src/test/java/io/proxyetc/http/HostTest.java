package io.proxyetc.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.proxyetc.Route;
import io.proxyetc.testkit.RawClient;
import io.proxyetc.testkit.RawResponse;
import io.proxyetc.testkit.Received;
import io.proxyetc.testkit.Wire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows 10 and 11: whom a request is for (RFC 9112, sections 3.2 and 3.3). */
@TestInstance(Lifecycle.PER_CLASS)
final class HostTest {
  private Rig rig;

  @BeforeAll
  void open() {
    rig = Rig.start();
  }

  @BeforeEach
  void forget() {
    rig.target().forget();
  }

  @AfterAll
  void close() {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /a HTTP/1.1\r\n\r\n",
        "GET /a HTTP/1.1\r\nX: y\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a.test\r\nHost: b.test\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a.test\r\nHost: a.test\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a.test\r\nhOST: a.test\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a.test, b.test\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: user@a.test\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: user:password@a.test\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a.test/path\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a.test?query\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a.test#fragment\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a.test b.test\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a.test\tb.test\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: http://a.test\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a.test\\b\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a.test:80:80\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a.test:port\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a.test:-1\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: [::1\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: ::1\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: a<b>.test\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost: \u00e4.test\r\n\r\n",
        "GET /a HTTP/1.1\r\nHost : a.test\r\n\r\n",
        "GET http://user@a.test/a HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "GET http://user:password@a.test/a HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "GET http:///a HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "GET http://a b/a HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "GET http:a.test/a HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "GET ftp://a.test/a HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "GET file:///etc/passwd HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "GET http://a.test/a HTTP/1.1\r\n\r\n",
        "GET a.test:80 HTTP/1.1\r\nHost: a.test\r\n\r\n"
      })
  void isRefusedAndTheTargetHearsNothing(String request) {
    try (RawClient client = rig.client()) {
      RawResponse refusal = client.send(request).read();
      assertEquals(400, refusal.status(), () -> Wire.show(refusal.head()));
      if (refusal.saysClose()) {
        client.expectClosed();
      } else {
        Rig.assertStillServes(client);
        rig.target().forget();
      }
    }
    rig.assertOnlyOthersAreServed();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app.test",
        "APP.test",
        "app.test:8080",
        "app.test.",
        "10.0.0.1",
        "[::1]:80",
        "[::1]",
        "a_b.test"
      })
  void hostOfTheClientPassesOnAsItStands(String host) {
    assertEquals(200, rig.exchange("GET /a HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status());
    assertEquals(host, rig.target().awaitRequest().field("Host"));
  }

  /**
   * An empty Host is valid where the target has no authority; it reaches the route for any host.
   */
  @Test
  void emptyHostIsServedByTheRouteForAnyHostOrRefused() {
    RawResponse response = rig.exchange("GET /a HTTP/1.1\r\nHost:\r\n\r\n");
    assertTrue(response.status() == 200 || response.status() == 400, response.head());
    if (response.status() == 400) {
      rig.assertOnlyOthersAreServed();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET http://target.test/a?b=c HTTP/1.1, other.test, target.test, /a?b=c",
    "GET HTTP://Target.test/a HTTP/1.1, other.test, Target.test, /a",
    "GET http://target.test:81/a HTTP/1.1, target.test, target.test:81, /a",
    "GET http://target.test HTTP/1.1, other.test, target.test, /",
    "GET http://target.test?x=1 HTTP/1.1, other.test, target.test, /?x=1",
    "GET https://target.test/a HTTP/1.1, other.test, target.test, /a",
    "GET http://[::1]:8080/a HTTP/1.1, other.test, [::1]:8080, /a",
    "OPTIONS http://target.test HTTP/1.1, other.test, target.test, *"
  })
  void absoluteFormWinsOverHost(String line, String host, String wanted, String path) {
    try (RawClient client = rig.client()) {
      RawResponse response = client.send(line + "\r\nHost: " + host + "\r\n\r\n").read();
      assertEquals(200, response.status());
      Received request = rig.target().awaitRequest();
      assertTrue(wanted.equalsIgnoreCase(request.field("Host")), request.head());
      assertEquals(path, request.path());
      Rig.assertStillServes(client);
    }
  }

  @Test
  void absoluteFormDecidesTheRoute() {
    try (Rig other = Rig.start()) {
      rig.proxy()
          .routes()
          .put(Route.builder("by-host").host("special.test").to(other.target().url()).build());
      try {
        rig.exchange("GET http://special.test/x HTTP/1.1\r\nHost: app.test\r\n\r\n");
        rig.exchange("GET http://app.test/y HTTP/1.1\r\nHost: special.test\r\n\r\n");
        other.target().assertReceived("GET /x");
        rig.target().assertReceived("GET /y");
      } finally {
        rig.proxy().routes().delete("by-host");
      }
    }
  }

  @Test
  void httpOneZeroNeedsNoHost() {
    RawResponse response = rig.exchange("GET /a HTTP/1.0\r\n\r\n");
    assertEquals(200, response.status());
    Received request = rig.target().awaitRequest();
    assertEquals("HTTP/1.1", request.version());
    assertEquals(1, request.all("Host").size());
  }
}
